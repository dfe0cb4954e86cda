import type { Maintenance, TableSize } from '@vwmp/core';

/** A worker whose lease runs. */
export interface LiveWorker {
  readonly id: string;
  /** When its lease ends, unless it renews it: milliseconds since 1970. */
  readonly until: number;
}

/**
 * The workers whose lease runs: they work on executions right now. One that has nothing to do has no lease.
 *
 * @param now - milliseconds since 1970
 */
export async function liveWorkers(
  maintenance: Maintenance,
  tables: readonly TableSize[],
  now: number,
): Promise<LiveWorker[]> {
  if (!tables.some(({ name }) => name === 'workers')) return [];
  const live: LiveWorker[] = [];
  let cursor: string | undefined;
  do {
    const batch = await maintenance.exportRows('workers', cursor, 500);
    for (const { id, expires_at } of batch.rows)
      if (typeof expires_at === 'number' && expires_at > now)
        live.push({ id: String(id), until: expires_at });
    cursor = batch.cursor;
  } while (cursor !== undefined);
  return live;
}
