import type { Settings } from '@vwmp/core/settings';
import { fs } from '../node.ts';

/** The file beside an SQLite database with the key of the secrets in it, if there is one. */
export function keyFileOf({ encryptionKey, database: { backend, path = '' } }: Settings): string | undefined {
  const file = `${path}.key`;
  return encryptionKey === undefined && backend === 'sqlite' && fs.existsSync(file) ? file : undefined;
}

/**
 * Executions in flight with secret parameters need the key that these were encrypted with. It goes along from file to file; where
 * there is no file beside the target it has to be set, and where it is set it has to stay so.
 *
 * @param given - the key that the environment sets, if any
 * @returns what there is to do, for people
 */
export function bringKey(source: Settings, target: Settings, given: string | undefined): string | undefined {
  const file = keyFileOf(source);
  const { backend, path = '' } = target.database;
  const next = `${path}.key`;
  if (file === undefined) {
    if (given === undefined || backend !== 'sqlite') return undefined;
    const what = 'Secret parameters are encrypted with VWMP_ENCRYPTION_KEY, which';
    if (!fs.existsSync(next)) return `${what} is not copied: keep it set, or write it to ${next}.`;
    if (fs.readFileSync(next, 'utf8').trim() === given.trim()) return undefined;
    return `${what} is not the key in ${next}: keep it set, or write it there before a worker starts.`;
  }
  if (backend !== 'sqlite')
    return `Secret parameters are encrypted with the key in ${file}. Set it for the target: VWMP_ENCRYPTION_KEY="$(cat ${file})".`;
  const key = fs.readFileSync(file, 'utf8');
  if (!fs.existsSync(next)) fs.writeFileSync(next, key, { mode: 0o600, flag: 'wx', flush: true });
  // With and without a line feed at its end it opens the same.
  else if (fs.readFileSync(next, 'utf8').trim() !== key.trim())
    return `Secret parameters are encrypted with the key in ${file}, and ${next} holds another one: replace it before a worker starts.`;
  return undefined;
}
