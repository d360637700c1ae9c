import '../backend';
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type CsvOptions, data } from '../../kernel-ext/src';
import { CsvFormatError, Float32LossError, OptionError } from '../../kernel-ext/src/public-errors';
import { writtenByPython } from './python-files';

let folder: string;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'piecewise-csv-'))));
after(() => rm(folder, { recursive: true }));

async function read(content: string | Buffer, options?: CsvOptions) {
  const path = join(folder, 'table.csv');
  await writeFile(path, content);
  const table = await data.csv(path, options);
  const values = tf.tidy(() => [...table.toTensor().dataSync()]);
  return { values, columns: table.columns, classes: Array.from(table.labels, i => table.names[i]) };
}

const column = (...cells: string[]) => `a,b\n${cells.map(cell => `0,${cell}\n`).join('')}`;
const second = ({ values }: { values: number[] }) => values.filter((_, i) => i % 2 === 1);

const refused = (
  content: string | Buffer,
  message: RegExp,
  options?: CsvOptions,
  type: new (...parts: never[]) => Error = CsvFormatError,
) => assert.rejects(read(content, options), (e: unknown) => e instanceof type && message.test(e.message));

describe('data.csv: numbers', () => {
  it('reads each decimal notation as the nearest float32', async () => {
    const cells = [
      '1e5',
      '007',
      '-0',
      '+3',
      '.5',
      '5.',
      '-4E-1',
      '16777216',
      '1e20',
      '3.4028235e38',
      '1.1754944e-38',
      '9.0',
    ];
    assert.deepEqual(
      second(await read(column(...cells))),
      cells.map(cell => Math.fround(Number(cell))),
    );
  });

  for (const [cell, stored] of [
    ['1e39', Infinity],
    ['-3.5e38', -Infinity],
    [`1${'0'.repeat(400)}`, Infinity],
    ['16777217', 16777216],
    ['-16777217.0', -16777216],
    ['9007199254740993', 9007199254740992],
    ['1e-50', 0],
    ['1e-400', 0],
    ['1e-44', Math.fround(1e-44)],
  ] as const) {
    it(`refuses ${cell.slice(0, 20)}, which float32 would turn into ${stored}`, async () => {
      await assert.rejects(read(column('1', cell)), (e: unknown) => {
        assert.ok(e instanceof Float32LossError, String(e));
        assert.equal(e.stored, stored);
        assert.match(e.message, /row 1 has .* in column b.*omit/);
        return true;
      });
      if (Number.isFinite(stored))
        assert.deepEqual(second(await read(column(cell), { round: true })), [stored]);
      else await refused(column(cell), /Infinity/, { round: true }, Float32LossError);
      assert.deepEqual((await read(column(cell), { omit: ['b'] })).values, [0]);
    });
  }

  it('refuses what is no decimal number', async () => {
    const cells = [
      '0x10',
      '0b1',
      '1_000',
      '"1,5"',
      'Infinity',
      'inf',
      'NaN',
      'NA',
      'null',
      '""',
      'true',
      '2020-01-02',
      '1 2',
      '−5',
      '1e',
      '٣',
    ];
    for (const cell of cells) await refused(column(cell), /row 0 has .* in column b/);
  });

  it('reads decimal commas on request, and then no points, which separate thousands', async () => {
    await refused('a;b\n1,5;2\n', /decimal: ','/, { delimiter: ';' });
    assert.deepEqual(
      (await read('a;b\n1,5;-2,25e1\n', { delimiter: ';', decimal: ',' })).values,
      [1.5, -22.5],
    );
    await refused('a;b\n1.500;2\n', /1\.500/, { delimiter: ';', decimal: ',' });
  });
});

describe('data.csv: texts and lines', () => {
  it('reads the texts that Python has written, character by character', async () => {
    const texts = writtenByPython<string[]>(
      `import csv, json
texts = ['a', 'a ', ' a', '=1+1', 'say "no"', '"', 'two\\nlines', 'cr\\rlf\\r\\n', 'a,b', '007', '', 'NA', 'é', '😀', "'", '\\t', '__proto__']
for name, options in [('comma', {}), ('semicolon', {'delimiter': ';', 'lineterminator': '\\n'}), ('quoted', {'quoting': csv.QUOTE_ALL, 'lineterminator': '\\r'})]:
    with open(name + '.csv', 'w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file, **options)
        writer.writerows([['constructor', 'x']] + [[text, i] for i, text in enumerate(texts)])
for encoding in ['utf-8-sig', 'utf-16', 'utf-16-be']:
    with open('comma.csv', newline='', encoding='utf-8') as file, open(encoding + '.csv', 'w', newline='', encoding=encoding) as out:
        out.write(('\\ufeff' if encoding == 'utf-16-be' else '') + file.read())
print(json.dumps(texts))`,
      folder,
    );
    for (const name of ['comma', 'semicolon', 'quoted', 'utf-8-sig', 'utf-16', 'utf-16-be']) {
      const delimiter = name === 'semicolon' ? ';' : ',';
      const table = await data.csv(join(folder, `${name}.csv`), { delimiter, label: 'constructor' });
      assert.deepEqual(
        Array.from(table.labels, i => table.names[i]),
        texts,
        name,
      );
      assert.deepEqual(table.columns, ['x']);
      assert.deepEqual(
        tf.tidy(() => [...table.toTensor().dataSync()]),
        texts.map((_, i) => i),
        name,
      );
    }
  });

  it('refuses bytes in another encoding, and reads them when it is given', async () => {
    const latin = Buffer.from('a,b\n1,caf\xe9\n', 'latin1');
    await refused(latin, /encoding utf-8.*windows-1252/);
    assert.deepEqual((await read(latin, { label: 'b', encoding: 'windows-1252' })).classes, ['café']);
    const unmarked = Buffer.from('a,b\n1,2\n', 'utf16le');
    await refused(unmarked, /zero characters.*utf-16le/);
    assert.deepEqual((await read(unmarked, { encoding: 'utf-16le' })).values, [1, 2]);
  });

  it('ends lines at LF, CRLF and CR, mixed as well, and needs none at the end', async () => {
    for (const content of [
      'a,b\r1,2\r3,4',
      'a,b\r\n1,2\n3,4\r\n',
      'a,b\n1,2\r\n3,4\r',
      '\n\na,b\n1,2\n\n3,4\n\n\n',
    ])
      assert.deepEqual((await read(content)).values, [1, 2, 3, 4]);
    assert.deepEqual((await read('a,b\n1,x\r\n2,x\n', { label: 'b' })).classes, ['x', 'x']);
    assert.deepEqual((await read('a\n1\n1\n')).values, [1, 1]);
  });

  it('trims texts only on request', async () => {
    await refused('a, b\n1,"x"\n', /Did you mean ' b'/, { label: 'b' });
    await refused('a,b\n1, "x"\n', /trim: true/, { label: 'b' });
    assert.deepEqual((await read('a, b\n1, "x "\n', { label: 'b', trim: true })).classes, ['x ']);
  });

  it('refuses files in which rows or columns would get lost', async () => {
    await refused('', /empty/);
    await refused('\ufeff\n \n', /\S/);
    await refused('a,b', /no row/);
    await refused('a\n1\n\n3\n', /empty line/);
    await refused('1,2\n3,4\n', /numbers 1, 2 .*header: false/);
    await refused('5.1,3.5,setosa\n4.9,3,setosa\n', /header: false/, { label: 2 });
    await refused('a,b\n1,2\n3\n', /line 3/);
    await refused('a,b,\n1,2,\n', /row 0 has '' in column/);
    await refused('a,b\n1,"2\n', /Quote Not Closed/);
    for (const [delimiter, name] of [
      [';', ';'],
      ['\t', '\\\\t'],
      ['|', '\\|'],
    ])
      await refused(`a${delimiter}b\n1${delimiter}2\n`, new RegExp(`delimiter: "${name}"`));
    assert.deepEqual((await read('2019,2020\n3,4\n', { header: true })).columns, ['2019', '2020']);
  });

  it('refuses a column name that stands for two columns', async () => {
    await refused('a,a\n1,x\n', /several columns a/, { label: 'a' });
    const { classes, columns } = await read('a,a\n1,x\n', { label: 1 });
    assert.deepEqual([classes, columns], [['x'], ['a']]);
    await refused('a,b\n1,2\n', /no column 2/, { omit: [2] });
  });

  it('refuses options of another type by name', async () => {
    const wrong = {
      label: true,
      omit: 'b',
      delimiter: '',
      header: 'no',
      encoding: 'klingon',
      decimal: ';',
      trim: 1,
      round: 'yes',
    };
    for (const [option, value] of Object.entries(wrong))
      await refused(column('1'), new RegExp(`data\\.csv: ${option} is`), { [option]: value }, OptionError);
  });
});
