import { loadOnnx } from './kernel-ext/src/onnx-file/load-onnx';
import { floats, graph, model, node, value } from './test/onnx-file/small-model';
(async()=>{
 const x=value('x',['N',2]),y=value('y',['N',2]);
 for (const n of [node('Swirl',['x'],['y'],{}, {name:'strange',domain:'my.own'}),node('Swirl',['x'],['y'],{}, {name:'strange'}),node('Swirl',['x'],['y']),node('MatMul',['x','w'],['y'],{}, {name:'mm'}),node('Conv',['x','w'],['y'],{}, {name:'c'}), node('Relu',['x'],['y'],{foo:1},{name:'r'}),node('Gemm',['x','w'],['y'],{transB:3},{}), node('LayerNormalization',['x'],['y'],{},{name:'ln'})])
 try{ await loadOnnx(model(graph({nodes:[n],inputs:[x],outputs:[y],weights:[floats('w',[3,2],[1,2,3,4,5,6])]})));console.log('OK')}catch(e){console.log((e as any).cause?.message,'\n  ->',(e as Error).message)}
})();
