import type { Settings } from '@vwmp/core/settings';
import { fs } from '../node.ts';

/** Bytes of an SQLite database on disk, with what has not been moved into it yet; undefined for others. */
export function sizeOf({ database: { backend, path = '' } }: Settings): number | undefined {
  if (backend !== 'sqlite') return undefined;
  return ['', '-wal'].reduce((sum, end) => {
    const stat = fs.statSync(path + end, { throwIfNoEntry: false });
    return sum + (stat?.size ?? 0);
  }, 0);
}
