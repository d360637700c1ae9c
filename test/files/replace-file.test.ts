import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FileWriteError } from '../../kernel-ext/src/errors';
import { replaceFile } from '../../kernel-ext/src/files/replace-file';

const BUILT = resolve(__dirname, '../../kernel-ext/lib/files/replace-file.js');
const MEBIBYTE = 2 ** 20;

/** Some user who is not the superuser, whom nothing stops. */
const NOBODY = 65534;

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'piecewise-files-'))));
afterEach(() => rm(folder, { recursive: true }));

const at = (...names: string[]) => join(folder, ...names);

/** The error of a write that must fail: typed, with a reason in words, and nothing is left beside. */
async function refused(file: string, code: string): Promise<FileWriteError> {
  const before = await readdir(folder);
  const error: unknown = await replaceFile(file, 'new').catch(e => e);
  assert.ok(error instanceof FileWriteError, String(error));
  assert.deepEqual([error.path, error.code], [file, code]);
  assert.match(error.message, /could not be written: [a-z ]+\. What was there before is intact\./);
  assert.deepEqual(await readdir(folder), before);
  return error;
}

describe('replaceFile', () => {
  it('writes texts and the bytes of arrays, in order, and leaves no other file', async () => {
    const view = new Float32Array([0, 1, 2]).subarray(1);
    await replaceFile(at('new.bin'), 'é', view, new Uint8Array([7]));
    const bytes = Buffer.concat([
      Buffer.from('é'),
      Buffer.from(Float32Array.of(1, 2).buffer),
      Buffer.from([7]),
    ]);
    assert.deepEqual(await readFile(at('new.bin')), bytes);
    await replaceFile(at('new.bin'));
    assert.equal((await stat(at('new.bin'))).size, 0);
    assert.deepEqual(await readdir(folder), ['new.bin']);
  });

  it('has the old or the new content whenever the process is killed', async function () {
    this.timeout(60_000);
    const file = at('kept');
    await writeFile(file, 'a'.repeat(MEBIBYTE));
    const program = `const { replaceFile } = require(${JSON.stringify(BUILT)});
      (async () => { for (let i = 0; ; i++) {
        await replaceFile(${JSON.stringify(file)}, 'ab'[i % 2].repeat(${MEBIBYTE})); console.log(i); } })()`;
    for (let kill = 0; kill < 8; kill++) {
      const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      setTimeout(() => child.kill('SIGKILL'), Math.random() * 30);
      await once(child, 'exit');
      const text = await readFile(file, 'utf8');
      assert.ok(text === text[0].repeat(MEBIBYTE), `${text.length} characters after kill ${kill}`);
    }
  });

  it('loses nothing when the disk has no room for all of it', async () => {
    await writeFile(at('kept'), 'old');
    const program = `require(${JSON.stringify(BUILT)}).replaceFile(${JSON.stringify(at('kept'))}, new Uint8Array(${MEBIBYTE}))
      .catch(e => console.log(e.name + ', ' + e.code + ', ' + e.message))`;
    // The system stops the process at the 64th block of any file, as a full disk would.
    const child = spawn('sh', ['-c', 'ulimit -f 64; exec "$0" -e "$1"', process.execPath, program]);
    const [output] = (await once(child.stdout, 'data')) as [Buffer];
    assert.match(output.toString(), /^FileWriteError, EFBIG, The file .*kept could not be written/);
    assert.equal(await readFile(at('kept'), 'utf8'), 'old');
    assert.deepEqual(await readdir(folder), ['kept']);
  });

  it('refuses what may not be written, what is a folder and what has none, in a sentence', async () => {
    await mkdir(at('folder'));
    await refused(at('folder'), 'EISDIR');
    await refused(at('missing', 'file'), 'ENOENT');
    await writeFile(at('file'), 'old');
    await refused(at('file', 'file'), 'ENOTDIR');
    await refused(at('x'.repeat(300)), 'ENAMETOOLONG');
    await symlink('/dev/full', at('full'));
    await refused(at('full'), 'ENOSPC');
  });

  it('respects read-only folders and read-only files', async () => {
    await mkdir(at('closed'));
    for (const name of ['kept', 'locked']) await writeFile(at(name), 'old');
    await writeFile(at('closed', 'kept'), 'old');
    await chmod(at('locked'), 0o444);
    await chmod(at('closed'), 0o555);
    const isSuperuser = process.geteuid!() === 0;
    if (isSuperuser) for (const name of ['.', 'closed', 'locked']) await chown(at(name), NOBODY, NOBODY);
    if (isSuperuser) process.seteuid!(NOBODY);
    try {
      await refused(at('closed', 'new'), 'EACCES');
      await refused(at('closed', 'kept'), 'EACCES');
      await refused(at('locked'), 'EACCES');
    } finally {
      if (isSuperuser) process.seteuid!(0);
    }
    await chmod(at('closed'), 0o755);
    assert.deepEqual(await readdir(at('closed')), ['kept']);
    for (const file of [at('closed', 'kept'), at('locked')])
      assert.equal(await readFile(file, 'utf8'), 'old');
  });

  it("keeps the old file's mode, follows symbolic links and leaves other hard links alone", async () => {
    await mkdir(at('far'));
    await writeFile(at('far', 'target'), 'old');
    await chmod(at('far', 'target'), 0o640);
    await link(at('far', 'target'), at('twin'));
    await symlink(join('far', 'target'), at('link'));
    await symlink(join('far', 'later'), at('dangling'));
    await replaceFile(at('link'), 'new');
    await replaceFile(at('dangling'), 'later');
    assert.equal(await readlink(at('link')), join('far', 'target'));
    assert.equal(await readFile(at('far', 'target'), 'utf8'), 'new');
    assert.equal((await stat(at('far', 'target'))).mode & 0o777, 0o640);
    assert.equal(await readFile(at('twin'), 'utf8'), 'old');
    assert.equal(await readFile(at('far', 'later'), 'utf8'), 'later');
  });

  it('writes to devices, which must not be replaced', async () => {
    await replaceFile('/dev/null', 'nothing');
    assert.ok((await stat('/dev/null')).isCharacterDevice());
  });

  it('removes what a killed process left beside the file an hour ago, and nothing else', async () => {
    const names = [
      '.map.csv.part-999999999-0a',
      `.map.csv.part-${process.pid}-0a`,
      '.map.csv.part-999999998-0b',
    ];
    for (const name of names) await writeFile(at(name), 'half');
    const before = new Date(Date.now() - 2 * 3600 * 1000);
    for (const name of names.slice(0, 2)) await utimes(at(name), before, before);
    await replaceFile(at('map.csv'), 'all');
    assert.deepEqual((await readdir(folder)).sort(), [...names.slice(1), 'map.csv'].sort());
  });
});
