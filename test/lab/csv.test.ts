import assert from 'node:assert/strict';
import { csv } from '../../lab-extension/src/figures/csv';

describe('csv(head, rows)', () => {
  it('quotes what would break a line or a column, as RFC 4180 has it', () => {
    assert.equal(
      csv(
        ['a', 'b'],
        [
          ['x[1, 2]', -0.5],
          ['say "hi"\n', 1e-9],
        ],
      ),
      'a,b\r\n"x[1, 2]",-0.5\r\n"say ""hi""\n",1e-9\r\n',
    );
  });

  it('keeps spreadsheets from running a label', () => {
    assert.equal(csv(['=1+1'], [['@cmd'], ['-2+3']]), "'=1+1\r\n'@cmd\r\n'-2+3\r\n");
  });
});
