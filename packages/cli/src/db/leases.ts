import type { Maintenance, TableSize } from '@vwmp/core';

/**
 * The workers whose lease runs: they work on executions right now. One that has nothing to do has no lease.
 *
 * @param now - milliseconds since 1970
 */
export async function liveWorkers(
  maintenance: Maintenance,
  tables: readonly TableSize[],
  now: number,
): Promise<string[]> {
  if (!tables.some(({ name }) => name === 'workers')) return [];
  const live: string[] = [];
  let cursor: string | undefined;
  do {
    const batch = await maintenance.exportRows('workers', cursor, 500);
    for (const { id, expires_at } of batch.rows)
      if (typeof expires_at === 'number' && expires_at > now) live.push(String(id));
    cursor = batch.cursor;
  } while (cursor !== undefined);
  return live;
}
