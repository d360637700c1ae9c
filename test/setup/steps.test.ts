import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setupModule, setupUrl } from './setup-module';

interface Step {
  name: string;
  done(): string | false;
  run(report: (text: string) => void): Promise<string | void>;
  remedy: string;
  warning?(): string | false;
}

interface Steps {
  runSteps(steps: Step[], out: { write(text: string): void }): Promise<void>;
  StepFailed: new () => Error & { explanation(): string };
}

interface Command {
  command(program: string, args: string[], options?: { seconds?: number }): Promise<string>;
}

interface Place {
  place(folder: string, fill: (part: string) => Promise<void>): Promise<void>;
}

function step(name: string, changes: Partial<Step> = {}): Step {
  return { name, done: () => false, run: async () => {}, remedy: 'nothing', ...changes };
}

describe('the steps of the set-up', () => {
  let steps: Steps;
  let command: Command['command'];
  let folder: string;
  let text: string;
  const out = { write: (more: string) => void (text += more) };

  before(async () => {
    steps = await setupModule<Steps>('steps.mjs');
    ({ command } = await setupModule<Command>('command.mjs'));
  });

  beforeEach(() => {
    text = '';
    folder = mkdtempSync(join(tmpdir(), 'piecewise-steps-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('skip what is done and give the reason', async () => {
    let ran = false;
    await steps.runSteps(
      [step('Tea', { done: () => 'the pot is full', run: async () => void (ran = true) })],
      out,
    );
    assert.equal(ran, false);
    assert.match(text, /^Tea +ready: the pot is full \(\d+\.\d s\)\n$/);
  });

  it('print one line per step, with its outcome and its time', async () => {
    await steps.runSteps([step('Tea', { run: async () => 'Darjeeling' }), step('Milk')], out);
    assert.match(text, /^Tea +done: Darjeeling \(\d+\.\d s\)\nMilk +done \(\d+\.\d s\)\n$/);
  });

  it('stop at the first failure and explain what was tried, how it ended, and what to do', async () => {
    let ran = false;
    const failing = step('Tea', {
      run: async () => void (await command('sh', ['-c', 'echo the kettle is cold >&2; exit 3'])),
      remedy: 'light the stove.',
    });
    const rest = step('Milk', { run: async () => void (ran = true) });
    const error = await steps.runSteps([failing, rest], out).then(
      () => assert.fail('it did not fail'),
      (reason: InstanceType<Steps['StepFailed']>) => reason,
    );
    assert.equal(ran, false);
    const explanation = error.explanation();
    assert.match(explanation, /Tried: sh -c echo the kettle/);
    assert.match(explanation, /exit code 3/);
    assert.match(explanation, /\| the kettle is cold/);
    assert.match(explanation, /What you can do: light the stove\./);
  });

  it('show the warning of a step that could do only half of its work', async () => {
    await steps.runSteps([step('Tea', { warning: () => 'there is no sugar' })], out);
    assert.match(text, /Warning: there is no sugar/);
  });

  it('end a program that takes longer than its limit', async () => {
    await assert.rejects(command('sleep', ['60'], { seconds: 0.2 }), /sleep 60: no end after 0\.2 s/);
  });

  it('continue where they were interrupted, and leave no program running', async () => {
    const script = join(folder, 'setup.mjs');
    writeFileSync(
      script,
      `
      import { existsSync, writeFileSync } from 'node:fs';
      import { runStepsOrExit } from '${setupUrl('steps.mjs')}';
      import { command } from '${setupUrl('command.mjs')}';
      const folder = ${JSON.stringify(folder)};
      const made = name => existsSync(folder + '/' + name) && 'made';
      const work = (name, shell) => ({
        name, done: () => made(name), remedy: 'none',
        run: async () => {
          await command('sh', ['-c', shell], { cwd: folder });
          writeFileSync(folder + '/' + name, '');
        },
      });
      const slow = process.argv[2] === 'slow' ? 'sleep 61 & echo $! > pid; wait' : 'true';
      await runStepsOrExit([work('first', 'true'), work('second', slow)]);
      `,
    );
    const first = spawn(process.execPath, [script, 'slow'], { stdio: 'ignore' });
    while (!existsSync(join(folder, 'pid')) || readFileSync(join(folder, 'pid'), 'utf8') === '')
      await sleep(20);
    first.kill('SIGINT');
    const [code] = await once(first, 'exit');
    assert.equal(code, 130);
    assert.equal(await ends(Number(readFileSync(join(folder, 'pid'), 'utf8'))), true);
    const again = await command(process.execPath, [script, 'quick']);
    assert.match(again, /first +ready: made .*\nsecond +done/);
  });
});

describe('a set-up that is killed', () => {
  it('leaves no program running', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'piecewise-steps-'));
    const script = `
      import { command } from '${setupUrl('command.mjs')}';
      await command('true', []);
      await command('sh', ['-c', 'trap "" PIPE TERM; sleep 61 & echo $! > pid; wait'], { cwd: ${JSON.stringify(folder)} });`;
    const killed = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const file = join(folder, 'pid');
    while (!existsSync(file) || readFileSync(file, 'utf8') === '') await sleep(20);
    const pid = Number(readFileSync(file, 'utf8'));
    killed.kill('SIGKILL');
    const hasEnded = await ends(pid);
    if (!hasEnded) process.kill(pid);
    rmSync(folder, { recursive: true });
    assert.equal(hasEnded, true);
  });
});

/** Waits until a process has ended, or only waits to be collected. */
async function ends(pid: number): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if (!existsSync(`/proc/${pid}`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return true;
    await sleep(50);
  }
  return false;
}

describe('place(folder, fill)', () => {
  let folder: string;
  let place: Place['place'];

  before(async () => ({ place } = await setupModule<Place>('place.mjs')));
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'piecewise-place-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const fill = async (part: string) => writeFileSync(join(part, 'file'), 'whole');

  it('makes a complete folder', async () => {
    await place(join(folder, 'a'), fill);
    assert.equal(readFileSync(join(folder, 'a', 'file'), 'utf8'), 'whole');
  });

  it('leaves nothing when filling fails', async () => {
    const failing = async (part: string) => {
      await fill(part);
      throw new Error('the disk is full');
    };
    await assert.rejects(place(join(folder, 'a'), failing), /the disk is full/);
    assert.equal(existsSync(join(folder, 'a')), false);
    await place(join(folder, 'a'), fill);
  });

  it('removes what a killed set-up left', async () => {
    const { command } = await setupModule<Command>('command.mjs');
    const script = `
      import { place } from '${setupUrl('place.mjs')}';
      import { writeFileSync } from 'node:fs';
      await place(${JSON.stringify(join(folder, 'a'))}, async part => {
        writeFileSync(part + '/half', '');
        console.log(part);
        process.kill(process.pid, 'SIGKILL');
      });`;
    let part = '';
    await assert.rejects(command(process.execPath, ['--input-type=module', '-e', script]), (error: Error) => {
      part = (error as Error & { lastLines: string[] }).lastLines[0];
      return true;
    });
    assert.equal(existsSync(part), true);
    await place(join(folder, 'a'), fill);
    assert.equal(existsSync(part), false);
    assert.equal(existsSync(join(folder, 'a', 'file')), true);
  });

  it('removes what a killed set-up with the number of this process left, as containers give it', async () => {
    const part = join(folder, `a.part-${process.pid}`);
    mkdirSync(part);
    writeFileSync(join(part, 'half'), '');
    await place(join(folder, 'a'), fill);
    assert.deepEqual(readdirSync(folder), ['a']);
    assert.deepEqual(readdirSync(join(folder, 'a')), ['file']);
  });
});
