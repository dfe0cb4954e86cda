import type { JsonObject, Maintenance, TableSize } from '@vwmp/core';
import { VwmpError } from '@vwmp/core';
import { type Digest, digestOf, sameRow } from './digest.ts';
import type { Progress } from './progress.ts';

/** One table, as it was compared at the end. */
export interface CopiedTable {
  name: string;
  rows: number;
  digest: string;
}

/** How many rows are read at a time, at first and at most; so that one reading takes about so many bytes. */
const firstBatch = 16;
const mostRows = 1000;
const batchBytes = 4 * 1024 * 1024;

/**
 * Copies all rows of one database into another, table by table in the order of their keys. So what is there already
 * after a copy that was broken off is the beginning of each table, and nothing else has to be noted down: it is compared,
 * and what is missing added.
 *
 * @throws COPY_MISMATCH when the target holds something else
 */
export async function copyRows(
  from: Maintenance,
  to: Maintenance,
  tables: readonly TableSize[],
  progress: Progress,
): Promise<void> {
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  const there = new Map((await to.tables()).map(({ name, rows }) => [name, rows]));
  let done = 0;
  for (const { name } of tables) {
    if (!there.has(name)) throw mismatch(name, 'the target has no such table: it is of another version');
    const existing = there.get(name) === 0 ? undefined : rowsOf(to, name);
    for await (const batch of batchesOf(from, name)) {
      const missing = existing ? await withoutExisting(batch, existing, name) : batch;
      if (missing.length > 0) await to.importRows(name, missing);
      done += batch.length;
      progress.show({ what: `copying ${name}`, done, total });
    }
    if (existing && !(await existing.next()).done)
      throw mismatch(name, 'the target has rows that the source does not have');
  }
}

/** The rows of a batch that the target does not have; those that it has must be the same. */
async function withoutExisting(
  batch: readonly JsonObject[],
  existing: AsyncGenerator<JsonObject>,
  table: string,
): Promise<readonly JsonObject[]> {
  for (let at = 0; at < batch.length; at++) {
    const { value, done } = await existing.next();
    if (done) return batch.slice(at);
    if (!sameRow(batch[at]!, value)) throw mismatch(table, 'the target holds other rows than the source');
  }
  return [];
}

function mismatch(table: string, what: string): VwmpError {
  return new VwmpError(
    'COPY_MISMATCH',
    `The target is no copy of this source that was broken off: in the table "${table}" ${what}. Something has changed the one or the other since. Empty the target (a new file, a new database) and copy again without --resume.`,
    { retryable: false },
  );
}

/** Compares every table of both. @returns what was compared, and the names of those that differ */
export async function verify(
  from: Maintenance,
  to: Maintenance,
  tables: readonly TableSize[],
  progress: Progress,
): Promise<{ tables: CopiedTable[]; different: string[] }> {
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  const compared: CopiedTable[] = [];
  const different: string[] = [];
  let done = 0;
  for (const { name } of tables) {
    const digests: Digest[] = [];
    for (const side of [from, to]) {
      const digest = digestOf();
      for await (const batch of batchesOf(side, name)) {
        for (const row of batch) digest.add(row);
        done += batch.length;
        progress.show({ what: `verifying ${name}`, done, total: 2 * total });
      }
      digests.push(digest);
    }
    const [source, target] = digests as [Digest, Digest];
    compared.push({ name, rows: target.rows, digest: target.hex() });
    if (source.rows !== target.rows || source.hex() !== target.hex()) different.push(name);
  }
  return { tables: compared, different };
}

/** Batches that take about the same memory, whatever the rows hold. */
async function* batchesOf(maintenance: Maintenance, table: string): AsyncGenerator<JsonObject[]> {
  let limit = firstBatch;
  let cursor: string | undefined;
  do {
    const batch = await maintenance.exportRows(table, cursor, limit);
    cursor = batch.cursor;
    if (batch.rows.length === 0) continue;
    yield batch.rows;
    const size = batch.rows.reduce((sum, row) => sum + sizeOf(row), 0);
    const fitting = Math.floor(batchBytes / Math.max(1, size / batch.rows.length));
    limit = Math.max(1, Math.min(mostRows, fitting, limit * 4));
  } while (cursor !== undefined);
}

function sizeOf(row: JsonObject): number {
  let size = 16;
  for (const value of Object.values(row)) size += typeof value === 'string' ? value.length : 8;
  return size;
}

async function* rowsOf(maintenance: Maintenance, table: string): AsyncGenerator<JsonObject> {
  for await (const batch of batchesOf(maintenance, table)) yield* batch;
}
