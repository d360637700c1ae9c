import assert from 'node:assert/strict';
import { Client, resultText, streamText } from './client';

describe('errors', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
  });
  after(() => client.stop());

  it('name the cells, lines and columns they come from, and nothing else', async () => {
    const definition = await client.run(`interface Unused {
  a: number;
}
function inner(value: any): number {
  return value.deep.deeper;
}`);
    const { outputs, reply } = await client.run(`const before: number = 1;
inner({});`);
    const [n, m] = [definition.reply.execution_count, reply.execution_count];
    assert.equal(outputs.length, 1);
    assert.equal(outputs[0].type, 'error');
    const { ename, evalue, traceback } = outputs[0].content;
    assert.equal(ename, 'TypeError');
    assert.match(evalue, /deeper/);
    assert.deepEqual(traceback, [
      `TypeError: ${evalue}`,
      `  at inner, cell [${n}], line 5, column 21\n    5 |   return value.deep.deeper;\n      |                     ^`,
      `  at cell [${m}], line 2, column 1\n    2 | inner({});\n      | ^`,
    ]);
    assert.equal(reply.status, 'error');
    assert.equal(reply.ename, 'TypeError');
  });

  it('keep the kernel and its variables, including those that the failing cell set', async () => {
    await client.run('const kept = 1');
    const failed = await client.run('const early = 2; throw new Error("stop")');
    assert.equal(failed.reply.status, 'error');
    assert.equal(resultText(await client.run('[kept, early]')), '[ 1, 2 ]');
  });

  it('mark every TypeScript mistake before anything runs', async () => {
    const { outputs } = await client.run('console.log("ran");\nconst a: number = "x"; missing(a);');
    const [{ type, content }] = outputs;
    assert.equal(outputs.length, 1);
    assert.equal(type, 'error');
    assert.equal(content.ename, 'TypeScriptError');
    assert.match(content.traceback[0], /not assignable to type 'number'\. \(TS2322\)/);
    assert.match(content.traceback[1], /line 2, column 7\n.*\n {6}\| {7}\^$/);
    assert.match(content.traceback[2], /Cannot find name 'missing'/);
    assert.match(content.traceback[3], /line 2, column 24/);
  });

  it('have correct columns after a shorthand property', async () => {
    await client.run('const depth = 1');
    const { reply } = await client.run('const o = { depth }; absent;');
    assert.match(reply.traceback[1], /column 22\n/);
  });

  it('from awaited promises fail their cell', async () => {
    const { reply } = await client.run(
      'const wait = async () => { await null; throw new RangeError("async"); };\nawait wait();',
    );
    assert.equal(reply.ename, 'RangeError');
    assert.match(reply.traceback[1], /at wait, cell \[\d+\], line 1, column 46/);
  });

  it('show their causes', async () => {
    const { reply } = await client.run('throw new Error("outer", { cause: new RangeError("inner") })');
    assert.ok(reply.traceback.includes('Caused by RangeError: inner'));
  });

  for (const [code, traceback] of [
    [
      "throw new AggregateError([new Error('one'), new TypeError('two', { cause: 3 })], 'many')",
      /^AggregateError: many\n[^]*\nError 1 of 2: Error: one\n[^]*\nError 2 of 2: TypeError: two\n[^]*\nCaused by Thrown: 3$/,
    ],
    [
      "const a: Error = new Error('a'); const b = new Error('b', { cause: a }); a.cause = b; throw b;",
      /^Error: b\n[^]*\nCaused by Error: a\n[^]*\nCaused by Error: b \(see above\)$/,
    ],
    [
      'throw new AggregateError(Array.from({ length: 9 }, (_, i) => new Error(`${i}`)))',
      /\nError 5 of 9: Error: 4\n[^]*\nand 4 more$/,
    ],
  ] as const) {
    it(`show what is inside them: ${code}`, async () => {
      assert.match((await client.run(code)).reply.traceback.join('\n'), traceback);
    });
  }

  for (const [code, line] of [
    ["import { readFile } from 'node:fs/promises';\nconst text = await readFile('none');", 2],
    [
      'await Promise.resolve(1);\nfor (const n of [1])\n  await (async () => Promise.reject(JSON.parse(\'{"a":1}\')))();',
      3,
    ],
    ["await tf.ready();\nawait tf.loadLayersModel('file://none/model.json');", 2],
  ] as const) {
    it(`without a position point at the await that failed: ${code}`, async () => {
      const { reply } = await client.run(code);
      assert.match(reply.traceback[1], new RegExp(`^ {2}at cell \\[\\d+\\], line ${line}, column `));
    });
  }

  const NET = 'const net = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });';
  for (const [code, evalue] of [
    [
      'plot(linearize(net, [1, 2, 3]))',
      /^Argument of type 'Promise<Linearization>' .* Did you forget to use 'await'\?$/,
    ],
    [
      'linearize(net, [1, 2, 3]).output',
      /^Property 'output' does not exist .* Did you forget to use 'await'\?$/,
    ],
    ['compile(net, [3]).summary()', /^Property 'summary' does not exist .* Did you forget to use 'await'\?$/],
    [
      "linearize(tf.loadLayersModel('x'), [1])",
      /^Argument of type 'Promise<LayersModel>' .* Did you forget to use 'await'\?$/,
    ],
    [
      "linearize(net, [1, 2, 3], { form: 'x' })",
      /^[^\n]*'form' does not exist in type 'LinearizeOptions'. Did you mean to write 'from'\?$/,
    ],
    [
      "compile(net, [3], { polcy: 'gate' })",
      /^[^\n]*'polcy' does not exist [^\n]* Did you mean to write 'policy'\?$/,
    ],
    ['plot([1], { titel: "x" })', /^[^\n]*'titel' does not exist [^\n]* Did you mean to write 'title'\?$/],
    ["await tf.loadLayersModel('models/m.json')", /To load a file, write 'file:\/\/models\/m\.json'\.$/],
    [
      'tf.add(Promise.resolve(tf.scalar(1)), 1)',
      /^Argument of type 'Promise<.*>' .* Did you forget to use 'await'\?$/,
    ],
    [
      'net.predict(Promise.resolve(tf.ones([1, 3])))',
      /^Argument of type 'Promise<.*>' .* Did you forget to use 'await'\?$/,
    ],
    [
      'Promise.resolve(tf.scalar(1)).print()',
      /^Property 'print' does not exist .* Did you forget to use 'await'\?$/,
    ],
    [
      'tf.stack([Promise.resolve(tf.scalar(1))])',
      /^Type 'Promise<.*>' [^\n]* Did you forget to use 'await'\?$/,
    ],
    [
      'tf.image.resizeBilinear(Promise.resolve(tf.ones([1, 2, 2, 1])), [4, 4])',
      /^Argument of type 'Promise<.*>' [^\n]* Did you forget to use 'await'\?$/,
    ],
    [
      'net.setWeights(Promise.resolve(tf.scalar(1)))',
      /^Argument of type 'Promise<.*>' [^\n]* Did you forget to use 'await'\?$/,
    ],
    [
      'tf.sequential({ layers: [Promise.resolve(net.layers[0])] })',
      /^Type 'Promise<Layer>' [^\n]* Did you forget to use 'await'\?$/,
    ],
    [
      "tf.model({ inputs: tf.loadLayersModel('x'), outputs: [] })",
      /^Type 'Promise<LayersModel>' [^\n]* Did you forget to use 'await'\?$/,
    ],
    [
      'const awaited: tf.Tensor = Promise.resolve(tf.scalar(1))',
      /^Type 'Promise<.*>' [^\n]* Did you forget to use 'await'\?$/,
    ],
    ['tf.scalar(1).data() + 1', /^Operator '\+' cannot be applied [^\n]* Did you forget to use 'await'\?$/],
    [
      'const named: { name: string } = tf.loadLayersModel("x")',
      /^Property 'name' is missing in type 'Promise<LayersModel>' [^\n]* Did you forget to use 'await'\?$/,
    ],
    [
      'const kept: Promise<string> = Promise.resolve(1)',
      /^Type 'Promise<number>' is not assignable to type 'Promise<string>'\.\n[^?]*$/,
    ],
  ] as const) {
    it(`say what to do: ${code}`, async () => {
      await client.run(NET);
      assert.match((await client.run(code)).reply.evalue, evalue);
    });
  }

  it('may be anything that is thrown', async () => {
    const { reply } = await client.run('throw { code: 7 }');
    assert.deepEqual([reply.ename, reply.evalue], ['Thrown', '{ code: 7 }']);
  });

  for (const [what, code] of [
    ['in timers', "setTimeout(() => { throw new Error('astray'); }, 50); undefined"],
    ['from forgotten promises', "const lost = Promise.reject(new Error('astray'));"],
  ]) {
    it(`${what} go to stderr of the cell that caused them, and the kernel survives`, async () => {
      const { id, reply } = await client.run(code);
      assert.equal(reply.status, 'ok');
      const next = await client.run("await new Promise(done => setTimeout(done, 300)); 'alive'");
      assert.match(
        streamText(client.outputsOf(id), 'stderr'),
        /Uncaught Error: astray\n {2}at .*cell \[\d+\], line 1/,
      );
      assert.equal(resultText(next), "'alive'");
    });
  }
});

describe('cells queued after one that fails', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
  });
  after(() => client.stop());

  async function runThree(options: object): Promise<string[]> {
    const slow = "const until = Date.now() + 300; while (Date.now() < until) {} throw new Error('first');";
    const ids = [
      await client.submit(slow, options),
      await client.submit('1 + 1'),
      await client.submit('2 + 2'),
    ];
    const ran = [];
    for (const id of ids) ran.push(await client.ended(id));
    return ran.map(({ reply }) => reply.status);
  }

  it('are dropped', async () => {
    assert.deepEqual(await runThree({ stop_on_error: true }), ['error', 'aborted', 'aborted']);
  });

  it('run when stop_on_error is false', async () => {
    assert.deepEqual(await runThree({ stop_on_error: false }), ['error', 'ok', 'ok']);
  });

  it('run when they are sent after the failure was answered', async () => {
    await client.run('throw new Error("first")');
    assert.equal(resultText(await client.run('3 + 3')), '6');
  });
});
