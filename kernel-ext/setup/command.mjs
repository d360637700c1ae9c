import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setupFolder } from './layout.mjs';

const KEPT_LINES = 20;
const running = new Set();
let ending = false;
let orphans = null;

/** The process that ends what still runs when this one is killed. */
function startEndingOrphans() {
  const child = spawn(process.execPath, [join(setupFolder, 'end-orphans.mjs')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  child.stdin.unref();
  return child;
}

function started(child) {
  running.add(child);
  orphans ??= startEndingOrphans();
  if (child.pid !== undefined) orphans.stdin.write(`+${child.pid}\n`);
}

function ended(child) {
  running.delete(child);
  if (child.pid !== undefined) orphans.stdin.write(`-${child.pid}\n`);
}

/** A program that the set-up called has failed. */
export class CommandFailed extends Error {
  /**
   * @param {string} command as a user would type it
   * @param {string} how it ended: "exit code 1", "no end after 300 s"…
   * @param {string[]} lastLines of what it printed
   */
  constructor(command, how, lastLines) {
    super(`${command}: ${how}`);
    this.command = command;
    this.how = how;
    this.lastLines = lastLines;
  }
}

/** Signals the whole process group, so that the children of npm and pip end with them. */
function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

/** How long a program may tidy up before it is killed: pip removes its temporary files. */
const GRACE_MS = 3_000;

/**
 * Ends every program that is still running, and waits until all are gone: the next set-up must not meet an npm that still
 * writes. It serves an interrupted set-up: no `command` settles after it, so no step goes on, and none is reported as failed.
 */
export async function endCommands() {
  ending = true;
  const children = [...running];
  const ended = Promise.all(children.map(child => new Promise(resolve => child.once('exit', resolve))));
  for (const child of children) signalGroup(child, 'SIGINT');
  await Promise.race([ended, new Promise(resolve => setTimeout(resolve, GRACE_MS))]);
  // Now the rest, including what a child has left in its group.
  for (const child of children) signalGroup(child, 'SIGKILL');
  await ended;
}

function printable(line) {
  // eslint-disable-next-line no-control-regex
  return line.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').trim();
}

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {{cwd?: string, env?: object, seconds?: number, report?: (text: string) => void}} options
 *   env: added to the environment; seconds: time limit, default none; report: called with each line that the program prints
 * @returns {Promise<string>} what it printed on stdout
 * @throws CommandFailed
 */
export function command(program, args, { cwd, env = {}, seconds, report = () => {} } = {}) {
  const typed = [program, ...args].join(' ');
  return new Promise((resolve, reject) => {
    if (ending) return;
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    started(child);
    let stdout = '';
    let late = false;
    const lines = [];
    const take = chunk => {
      for (const line of String(chunk)
        .split(/[\r\n]+/)
        .map(printable)) {
        if (line === '') continue;
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
        report(line);
      }
    };
    child.stdout.on('data', chunk => {
      stdout += chunk;
      take(chunk);
    });
    child.stderr.on('data', take);
    const limit =
      seconds &&
      setTimeout(() => {
        late = true;
        signalGroup(child, 'SIGKILL');
      }, seconds * 1000);
    const settle = how => {
      if (ending) return;
      ended(child);
      clearTimeout(limit);
      if (how === null) resolve(stdout);
      else reject(new CommandFailed(typed, how, lines));
    };
    child.on('error', error => settle(error.code === 'ENOENT' ? 'no such program' : error.message));
    child.on('close', (code, signal) => {
      if (late) settle(`no end after ${seconds} s`);
      else if (signal) settle(`ended by ${signal}`);
      else settle(code === 0 ? null : `exit code ${code}`);
    });
  });
}
