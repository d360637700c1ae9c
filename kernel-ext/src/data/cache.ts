import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * The folder in which Piecewise keeps what it has fetched: $PIECEWISE_CACHE, else $XDG_CACHE_HOME/piecewise,
 * else ~/.cache/piecewise. It may not exist yet. An empty HOME counts as none, and the home of the account is taken.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.PIECEWISE_CACHE) return env.PIECEWISE_CACHE;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'piecewise');
  return join(homedir() || userInfo().homedir, '.cache', 'piecewise');
}
