import type { FSWatcher } from 'node:fs';
import { node } from '../node.ts';
import type { Connection } from './connection.ts';

/** Between two looks, however often the file changes, in milliseconds. */
const pause = 50;

/**
 * Tells when another connection has committed something. The system says when the file changes, so nothing polls; for a moment after each
 * change nobody listens, so that a busy process does not spend its time on its own writes.
 *
 * @returns a function that ends it
 */
export function watchChanges({ database }: Connection, path: string, changed: () => void): () => void {
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  // https://sqlite.org/pragma.html#pragma_data_version: the commits of this connection leave it as it is.
  const version = (): unknown => database.pragma('data_version', { simple: true });
  let seen = version();

  const look = (): void => {
    const now = version();
    if (now === seen) return;
    seen = now;
    changed();
  };

  const arm = (): void => {
    if (ended) return;
    try {
      watcher = node.fs.watch(`${path}-wal`, { persistent: false }, () => {
        watcher?.close();
        timer = setTimeout(() => {
          arm();
          look();
        }, pause);
        timer.unref();
      });
      watcher.on('error', () => {});
    } catch {
      // It is a hint: without it, what others change is found a little later.
    }
  };

  arm();
  return () => {
    ended = true;
    watcher?.close();
    clearTimeout(timer);
  };
}
