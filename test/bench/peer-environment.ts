import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../../kernel-ext/src/data/cache';

const REQUIREMENTS = path.join(__dirname, 'peers', 'requirements.txt');
/** Distributions that are imported under a different name. */
const IMPORTED = new Map([
  ['tensorflow-cpu', 'tensorflow'],
  ['scikit-learn', 'sklearn'],
  ['umap-learn', 'umap'],
  ['glass-box-umap', 'glass_box_umap'],
]);

export interface PeerEnvironment {
  python: string;
  /** Libraries that are installed. */
  libraries: string[];
  /** Libraries that are missing, each with the reason. */
  missing: Map<string, string>;
}

/**
 * A Python environment of its own in the cache, created on first use and then reused. A library that cannot be installed is
 * left out. The default one has JAX, PyTorch and TensorFlow (some 8 GB, since PyPI's PyTorch brings its GPU libraries).
 * @param requirements a file with one pinned distribution per line
 */
export function peerEnvironment(requirements = REQUIREMENTS): PeerEnvironment {
  const wanted = readFileSync(requirements, 'utf8').trim().split('\n');
  const print = createHash('sha256').update(wanted.join()).digest('hex').slice(0, 12);
  const folder = path.join(cacheFolder(), `bench-peers-${print}`);
  const python = path.join(folder, 'bin', 'python');
  const stamp = path.join(folder, 'complete.json');
  if (!existsSync(stamp)) {
    console.log(`Installing ${wanted.join(', ')} into ${folder} (once, some minutes) …`);
    rmSync(folder, { recursive: true, force: true });
    execFileSync(process.env.PYTHON ?? 'python3', ['-m', 'venv', folder], { stdio: 'inherit' });
    const reasons = wanted.map(requirement => [libraryOf(requirement), installed(python, requirement)]);
    writeFileSync(stamp, JSON.stringify(Object.fromEntries(reasons)));
  }
  const reasons = Object.entries(JSON.parse(readFileSync(stamp, 'utf8')) as Record<string, string | null>);
  return {
    python,
    libraries: reasons.filter(([, reason]) => reason === null).map(([library]) => library),
    missing: new Map(reasons.filter((entry): entry is [string, string] => entry[1] !== null)),
  };
}

function libraryOf(requirement: string): string {
  const [distribution] = requirement.split('==');
  return IMPORTED.get(distribution) ?? distribution;
}

/** Installs one library. @returns why that failed, or null if it worked. */
function installed(python: string, requirement: string): string | null {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement];
  for (const args of [pip, ['-c', `import ${libraryOf(requirement)}`]]) {
    const { status, stderr } = spawnSync(python, args, { encoding: 'utf8' });
    if (status !== 0) return stderr.trim().split('\n').at(-1) ?? 'pip ended without a message';
  }
  return null;
}
