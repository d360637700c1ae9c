import assert from 'node:assert/strict';
import { Client } from './client';
import { interruptCell, INTERRUPTED_CELLS, nextOf, PREPARATION } from './interrupted-cells';

describe('an interrupted cell', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    assert.equal((await client.run(PREPARATION)).reply.status, 'ok');
  });
  after(() => client.stop());

  for (const cell of INTERRUPTED_CELLS) {
    it(`ends, and the next cell answers: ${cell.what}`, async () => {
      const { ename, result } = await interruptCell(client, cell);
      assert.equal(ename, 'Interrupted');
      assert.equal(result, nextOf(cell)[1]);
    });
  }
});
