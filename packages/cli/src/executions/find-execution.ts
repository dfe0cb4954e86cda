import type { ExecutionRecord, ExecutionStore, ExecutionSummary } from '@vwmp/core';
import { UsageError } from '../cli/usage-error.ts';
import { safe } from '../terminal/safe.ts';

/** Pages that are looked through for a beginning: a workflow whose id begins alike may have many executions. */
const mostPages = 20;
/** Candidates that are named when several begin alike. */
const mostShown = 5;

/**
 * The execution with an id, or the only one whose id begins so.
 *
 * @throws UsageError when there is none or there are several
 */
export async function findExecution(store: ExecutionStore, given: string): Promise<ExecutionRecord> {
  const exact = given === '' ? undefined : await store.get(given);
  if (exact) return exact;
  const found = given === '' ? [] : await beginningWith(store, given.toLowerCase());
  const [first, ...others] = found;
  if (!first) throw noExecution(given);
  if (others.length > 0) {
    const shown = found.slice(0, mostShown).map(({ id, workflow_id }) => `${id} (${workflow_id})`);
    const more = found.length > mostShown ? ', …' : '';
    throw new UsageError(`Several executions begin with "${safe(given)}": ${shown.join(', ')}${more}.`);
  }
  const record = await store.get(first.id);
  // It was pruned in between.
  if (!record) throw noExecution(given);
  return record;
}

export function noExecution(given: string): UsageError {
  const message = `There is no execution whose id is or begins with "${safe(given)}".`;
  return new UsageError(`${message} vwmp executions list shows them.`);
}

async function beginningWith(store: ExecutionStore, prefix: string): Promise<ExecutionSummary[]> {
  const found: ExecutionSummary[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages && found.length <= mostShown; page++) {
    const { results, next_cursor } = await store.list({ q: prefix, limit: 500, ...(cursor && { cursor }) });
    found.push(...results.filter(({ id }) => id.toLowerCase().startsWith(prefix)));
    cursor = next_cursor;
    if (cursor === undefined) break;
  }
  return found;
}
