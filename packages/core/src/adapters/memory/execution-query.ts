import type { ExecutionStatus } from '../../model/execution.ts';
import type { ExecutionQuery, ExecutionSummary } from '../../ports/execution-store.ts';
import type { Page } from '../../ports/lifecycle.ts';
import { compareText, pageOf } from './page.ts';

const active: readonly ExecutionStatus[] = ['pending', 'running', 'waiting'];

/** True once an execution has ended. */
export function isCompleted(summary: ExecutionSummary): boolean {
  return !active.includes(summary.status);
}

/** Picks, orders and pages summaries as {@link ExecutionQuery} asks. */
export function queryExecutions(
  summaries: Iterable<ExecutionSummary>,
  query: ExecutionQuery,
): Page<ExecutionSummary> {
  const after = query.started_after === undefined ? undefined : instant(query.started_after);
  const before = query.started_before === undefined ? undefined : instant(query.started_before);
  const matching: { key: string; summary: ExecutionSummary }[] = [];
  for (const summary of summaries) {
    const { id, workflow_id, status, started_at } = summary;
    if (query.workflow_id !== undefined && workflow_id !== query.workflow_id) continue;
    if (query.status && !query.status.includes(status)) continue;
    if (after !== undefined && instant(started_at) < after) continue;
    if (before !== undefined && instant(started_at) >= before) continue;
    matching.push({ key: `${started_at} ${id}`, summary });
  }
  matching.sort((a, b) => compareText(b.key, a.key));
  const page = pageOf(matching, ({ key }) => key, query, 'descending');
  return { ...page, results: page.results.map(({ summary }) => summary) };
}

function instant(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new TypeError(`"${text}" is not a time in ISO 8601.`);
  return at;
}
