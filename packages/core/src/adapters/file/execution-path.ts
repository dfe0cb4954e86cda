import { hashOf, readable } from './hash.ts';
import { node } from './node.ts';

/** How the name of every history ends. */
export const historyExtension = '.jsonl';

/**
 * Where the history of an execution is: one of 256 folders, so that none becomes slow, and a name that begins
 * like the id, so that people find it. The hash keeps ids apart that differ in characters that no file name
 * may have, or in case only, and no id can name another place.
 *
 * @returns a path relative to the folder of executions
 */
export function executionPath(id: string): string {
  const hash = hashOf(id);
  return node.path.join(hash.slice(0, 2), `${readable(id)}~${hash.slice(2, 26)}${historyExtension}`);
}
