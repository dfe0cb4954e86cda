import type { ExecutionQuery, ExecutionSummary, Origin } from '../../ports/execution-store.ts';
import type { Page } from '../../ports/lifecycle.ts';
import { compareText, pageOf } from './page.ts';

/** What a list looks at. */
export interface Listed {
  summary: ExecutionSummary;
  origin?: Origin;
}

/** True once an execution has ended. */
export function isCompleted(summary: ExecutionSummary): boolean {
  return summary.completed_at !== undefined;
}

/** Picks, orders and pages executions as {@link ExecutionQuery} asks. */
export function queryExecutions(executions: Iterable<Listed>, query: ExecutionQuery): Page<ExecutionSummary> {
  const after = query.started_after === undefined ? undefined : instant(query.started_after);
  const before = query.started_before === undefined ? undefined : instant(query.started_before);
  const sought = query.q === undefined ? undefined : lowered(query.q);
  const matching: { key: string; summary: ExecutionSummary }[] = [];
  for (const { summary, origin } of executions) {
    const { id, workflow_id, status, started_at } = summary;
    if (query.workflow_id !== undefined && workflow_id !== query.workflow_id) continue;
    if (query.status && !query.status.includes(status)) continue;
    if (query.parent_id !== undefined && origin?.parent?.execution_id !== query.parent_id) continue;
    if (query.concurrency_key !== undefined && origin?.concurrency?.key !== query.concurrency_key) continue;
    if (after !== undefined && instant(started_at) < after) continue;
    if (before !== undefined && instant(started_at) >= before) continue;
    if (sought !== undefined && !isSought(summary, sought)) continue;
    matching.push({ key: `${started_at} ${id}`, summary });
  }
  matching.sort((a, b) => compareText(b.key, a.key));
  const page = pageOf(matching, ({ key }) => key, query, 'descending');
  return { ...page, results: page.results.map(({ summary }) => summary) };
}

function isSought({ id, workflow_id, error }: ExecutionSummary, sought: string): boolean {
  if (lowered(id).startsWith(sought) || lowered(workflow_id).startsWith(sought)) return true;
  if (!error) return false;
  const words = new Set(wordsOf(lowered(error.message)));
  const asked = wordsOf(sought);
  return asked.length > 0 && asked.every((word) => words.has(word));
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

function lowered(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function instant(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new TypeError(`"${text}" is not a time in ISO 8601.`);
  return at;
}
