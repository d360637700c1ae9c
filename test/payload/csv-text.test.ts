import assert from 'node:assert/strict';
import { csvText } from '../../kernel-ext/src/payload';

describe('csvText(head, rows)', () => {
  it('quotes what would break a line or a column, as RFC 4180 requires', () => {
    assert.equal(
      csvText(
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
    assert.equal(csvText(['=1+1'], [['@cmd'], ['-2+3']]), "'=1+1\r\n'@cmd\r\n'-2+3\r\n");
  });
});
