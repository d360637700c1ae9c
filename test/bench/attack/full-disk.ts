import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SIZE = 2 ** 20;

/** A small disk in memory (tmpfs), mounted for its own programs alone, so that no rights are needed. */
export class FullDisk {
  /** Mounts it on a folder. @throws if the machine allows no mounts of its own (`unshare -rm`) */
  static async on(folder: string): Promise<FullDisk> {
    const script = `mount -t tmpfs -o size=${SIZE} tmpfs "$0" && echo mounted && exec sleep 600`;
    const holder = spawn('unshare', ['-rm', 'sh', '-c', script, folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let reason = '';
    holder.stderr.on('data', chunk => (reason += String(chunk)));
    const mounted = await Promise.race([once(holder.stdout, 'data'), once(holder, 'close').then(() => null)]);
    if (mounted === null) throw new Error(`This machine has no tmpfs for the attack: ${reason}`);
    return new FullDisk(folder, holder);
  }

  private constructor(
    private readonly folder: string,
    private readonly holder: ChildProcess,
  ) {}

  /** The folder as it is seen from outside. */
  get seen(): string {
    return `/proc/${this.holder.pid}/root${this.folder}`;
  }

  /** Begins the command line of a program that sees the disk in its folder. */
  get enter(): string[] {
    return ['nsenter', '-t', String(this.holder.pid), '-U', '-m', '--preserve-credentials'];
  }

  private get filling(): string {
    return path.join(this.seen, 'filling');
  }

  /** Fills it up to some bytes. */
  fill(room: number): void {
    try {
      for (;;) writeFileSync(this.filling, Buffer.alloc(4096), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
    truncateSync(this.filling, statSync(this.filling).size - room);
  }

  removeFilling(): void {
    rmSync(this.filling);
  }

  end(): void {
    this.holder.kill('SIGKILL');
  }
}
