import { OnnxVictims } from '/tmp/wt/onnx-networks/test/bench/attack/onnx/onnx-victims';
import { readFileSync, readdirSync, appendFileSync } from 'node:fs';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, AttributeProto_AttributeType as T, TensorProto_DataType as D } from '/tmp/wt/onnx-networks/kernel-ext/src/onnx-file/onnx_pb';
const F='/tmp/wt/onnx-networks/test/fixtures/onnx/';
async function main(){
 const v=new OnnxVictims(); const counts:Record<string,number>={};
 const run=async(name:string,bytes:Uint8Array)=>{const f=await v.fateOf({source:bytes}); const k=f.kind; counts[k]=(counts[k]??0)+1;
  if(['raw','died','hung','unsound'].includes(k)||f.grown>256*2**20||f.left>0||f.milliseconds>10000) console.log(k,name,(f.grown/2**20).toFixed(0)+'MiB',f.milliseconds+'ms','left',f.left,f.message.slice(0,300).replaceAll('\n',' '));};
 for(const file of process.argv.slice(2)){
  const bytes=readFileSync(F+file); const base=fromBinary(ModelProtoSchema,bytes);
  console.log('##',file,base.graph!.node.length);
  await run('itself',bytes); 
  const V=[0n,-1n,3n,2n**31n-1n,2n**31n,2n**40n,2n**62n,-(2n**63n)];
  const seen=new Set<string>();
  for(let n=0;n<base.graph!.node.length;n++){
   const nd=base.graph!.node[n];
   for(let a=0;a<nd.attribute.length;a++){
    const at=nd.attribute[a]; const key=nd.opType+at.name; if(seen.has(key)) continue; seen.add(key);
    for(const val of V){
     const m=fromBinary(ModelProtoSchema,bytes); const x=m.graph!.node[n].attribute[a];
     if(x.type===T.INT) x.i=val; else if(x.type===T.INTS&&x.ints.length) x.ints[x.ints.length-1]=val; else continue;
     await run(`${file} ${nd.opType}.${at.name}=${val}`,toBinary(ModelProtoSchema,m));
    }
    const m=fromBinary(ModelProtoSchema,bytes); const x=m.graph!.node[n].attribute[a];
    if(x.type===T.INTS){ x.ints=[]; await run(`${file} ${nd.opType}.${at.name}=[]`,toBinary(ModelProtoSchema,m)); x.ints=Array(40).fill(1n); await run(`${file} ${nd.opType}.${at.name}=40x1`,toBinary(ModelProtoSchema,m)); }
    if(x.type===T.FLOAT) for(const f of [NaN,Infinity,-1e30,0]){x.f=f; await run(`${file} ${nd.opType}.${at.name}=${f}`,toBinary(ModelProtoSchema,m));}
    x.type=T.STRING; await run(`${file} ${nd.opType}.${at.name} type string`,toBinary(ModelProtoSchema,m));
   }
   for(let a=0;a<nd.attribute.length;a++){ // constants
    const t=nd.attribute[a].t; if(!t||t.dataType!==D.INT64||t.rawData.length<8) continue;
    for(const val of V){const m=fromBinary(ModelProtoSchema,bytes);const u=m.graph!.node[n].attribute[a].t!; const r=Uint8Array.from(u.rawData); new DataView(r.buffer).setBigInt64(r.length-8,val,true); u.rawData=r; await run(`${file} Constant ${nd.output[0]}=${val}`,toBinary(ModelProtoSchema,m));}
   }
  }
  let k=0;
  for(let i=0;i<base.graph!.initializer.length;i++){const t=base.graph!.initializer[i]; if(t.dataType!==D.INT64||t.rawData.length<8) continue; if(k++>25) break;
   const user=base.graph!.node.find(n=>n.input.includes(t.name))?.opType;
   for(const val of V){const m=fromBinary(ModelProtoSchema,bytes);const u=m.graph!.initializer[i]; const r=Uint8Array.from(u.rawData); new DataView(r.buffer).setBigInt64(r.length-8,val,true); u.rawData=r; await run(`${file} init of ${user} ${t.name}=${val}`,toBinary(ModelProtoSchema,m));}
  }
 }
 console.log(counts); v.end();
}
void main();
