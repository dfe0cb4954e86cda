import type { Connection } from './connection.ts';
import type { Fit } from './fit.ts';

/** So many pages are given back in one transaction, which takes a few milliseconds; fewer where there is no room for it. */
const pages = 200;

/**
 * Gives free pages back to the file system, bit by bit.
 *
 * @param keep - so many may stay free, as they are soon needed again
 * @returns how many bytes
 */
export async function releasePages(connection: Connection, write: Fit, keep: number): Promise<number> {
  const { database } = connection;
  const free = (): number => database.pragma('freelist_count', { simple: true }) as number;
  const size = database.pragma('page_size', { simple: true }) as number;
  let released = 0;
  for (;;) {
    const step = await write(pages, (most) => {
      const before = free();
      const wanted = Math.min(before - keep, most);
      if (wanted > 0) database.pragma(`incremental_vacuum(${wanted})`);
      return before - free();
    });
    if (step <= 0) return released * size;
    released += step;
  }
}
