import { CommandFailed, endCommands } from './command.mjs';

/**
 * One thing that a set-up needs.
 * @typedef {object} Step
 * @property {string} name of what it brings, in the user's words
 * @property {() => string | false | Promise<string | false>} done looks at what is there; returns why nothing needs to be done, or false
 * @property {(report: (text: string) => void) => Promise<string | void>} run does the work; `report` shows progress; may return its outcome
 * @property {string | ((error: Error) => string)} remedy what the user can do if it fails
 * @property {() => string | false} [warning] what the user should know even though the set-up goes on
 */

/** A step that failed: the set-up cannot go on. */
export class StepFailed extends Error {
  constructor(step, cause) {
    super(`${step.name} failed: ${cause.message}`, { cause });
    this.step = step;
  }

  /** @returns what failed, what it tried, how that ended, and what the user can do */
  explanation() {
    const { cause, step } = this;
    const lines = ['', `${step.name}: failed.`];
    if (cause instanceof CommandFailed) {
      lines.push(`Tried: ${cause.command}`, `It ended with: ${cause.how}`);
      lines.push(...cause.lastLines.map(line => `  | ${line}`));
    } else {
      lines.push(cause.message);
    }
    const remedy = typeof step.remedy === 'function' ? step.remedy(cause) : step.remedy;
    lines.push(
      `What you can do: ${remedy}`,
      'Then run the same command again; finished steps are not repeated.',
      '',
    );
    return lines.join('\n');
  }
}

const NAME_WIDTH = 20;

/** The line of one step. A terminal shows it live; elsewhere the name and the outcome are printed on one line. */
class StepLine {
  constructor(out, name) {
    this.out = out;
    this.head = name.padEnd(NAME_WIDTH);
    this.start = Date.now();
    this.text = '';
    out.write(this.head);
    if (out.isTTY) this.timer = setInterval(() => this.draw(this.text), 500);
  }

  seconds() {
    return `${((Date.now() - this.start) / 1000).toFixed(1)} s`;
  }

  draw(text) {
    this.text = text;
    if (!this.out.isTTY) return;
    const line = `${this.head}${this.seconds()}  ${text}`;
    this.out.write(`\r\u001b[2K${line.slice(0, (this.out.columns || 80) - 1)}`);
  }

  end(text) {
    clearInterval(this.timer);
    if (this.out.isTTY) this.out.write(`\r\u001b[2K${this.head}`);
    this.out.write(`${text} (${this.seconds()})\n`);
  }
}

async function runStep(step, out) {
  const line = new StepLine(out, step.name);
  try {
    const there = await step.done();
    if (there) {
      line.end(`ready: ${there}`);
    } else {
      const outcome = await step.run(text => line.draw(text));
      line.end(`done${outcome ? `: ${outcome}` : ''}`);
    }
  } catch (cause) {
    line.end('failed');
    throw new StepFailed(step, cause);
  }
  const warning = step.warning?.();
  if (warning) out.write(`\n  Warning: ${warning}\n\n`);
}

/**
 * Runs the steps in order and prints one line for each. A step that is done already is skipped.
 * @param {Step[]} steps
 * @param {{write(text: string): unknown, isTTY?: boolean, columns?: number}} out default: stdout
 * @throws StepFailed if a step fails; later steps do not run
 */
export async function runSteps(steps, out = process.stdout) {
  for (const step of steps) await runStep(step, out);
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/**
 * `runSteps` for a command line: a failed step is explained and ends the process with code 1. An interrupt ends the programs
 * that the running step has started, too.
 * @param {Step[]} steps
 * @param {() => void} beforeExit called last if the steps fail or are interrupted
 */
export async function runStepsOrExit(steps, beforeExit = () => {}) {
  let interrupted = false;
  const interrupt = async signal => {
    if (interrupted) return;
    interrupted = true;
    await endCommands();
    console.log('\nInterrupted. Run the same command again to continue; finished steps are not repeated.');
    beforeExit();
    process.exit(128 + SIGNALS[signal]);
  };
  for (const signal of Object.keys(SIGNALS)) process.on(signal, interrupt);
  try {
    await runSteps(steps);
  } catch (error) {
    console.error(error instanceof StepFailed ? error.explanation() : error);
    beforeExit();
    process.exit(1);
  }
  for (const signal of Object.keys(SIGNALS)) process.off(signal, interrupt);
}
