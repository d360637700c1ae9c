import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder in which Piecewise keeps what it fetched once: $PIECEWISE_CACHE, else $XDG_CACHE_HOME/piecewise,
 * else ~/.cache/piecewise. It need not exist yet.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.PIECEWISE_CACHE) return env.PIECEWISE_CACHE;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'piecewise');
  return join(homedir(), '.cache', 'piecewise');
}
