import assert from 'node:assert/strict';
import { Client, resultText } from './client';
import { interruptCell, INTERRUPTED_CELLS, loadOf, nextOf, PREPARATION } from './interrupted-cells';

describe('an interrupted cell', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    assert.equal((await client.run(PREPARATION)).reply.status, 'ok');
  });
  after(() => client.stop());

  it('leaves nothing that takes processor time', async () => {
    const id = await client.submitTalking("console.log('started'); for (;;) await new Promise(setImmediate)");
    await client.request('interrupt_request', {}, 'control');
    await client.ended(id);
    assert.ok((await loadOf(client)) < 0.3);
  });

  for (const cell of INTERRUPTED_CELLS) {
    it(`ends, and the next cell answers: ${cell.what}`, async () => {
      const { ename, result } = await interruptCell(client, cell);
      assert.equal(ename, 'Interrupted');
      assert.equal(result, nextOf(cell)[1]);
    });
  }
});

describe('a kernel that is interrupted while it loads', () => {
  // What an interrupt cut while it loads would never end, so each delay needs a kernel of its own.
  for (const delay of [50, 400, 800]) {
    it(`loads all the same: ${delay} ms after a cell that then loops`, async () => {
      const client = await Client.start();
      const id = await client.submit('const flowers = tf.ones([3]); for (;;) {}');
      await new Promise(done => setTimeout(done, delay));
      await client.request('interrupt_request', {}, 'control');
      assert.equal((await client.ended(id)).reply.ename, 'Interrupted');
      assert.equal(resultText(await client.run('tf.ones([2]).size')), '2');
      await client.stop();
    });
  }
});
