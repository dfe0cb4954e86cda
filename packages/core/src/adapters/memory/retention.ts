import type { ExecutionSummary, Retention } from '../../ports/execution-store.ts';
import { isCompleted } from './execution-query.ts';
import { compareText } from './page.ts';

/**
 * The ids of the executions that `retention` lets go, those that ended first before others.
 *
 * @param now - milliseconds since 1970
 * @param batch - at most so many
 */
export function selectPrunable(
  executions: Iterable<{ summary: ExecutionSummary }>,
  retention: Retention,
  now: number,
  batch: number,
): string[] {
  const { max_age = Number.POSITIVE_INFINITY, max_count = Number.POSITIVE_INFINITY, workflow_id } = retention;
  const completed: { ended: string; summary: ExecutionSummary }[] = [];
  for (const { summary } of executions) {
    if (!isCompleted(summary)) continue;
    if (workflow_id !== undefined && summary.workflow_id !== workflow_id) continue;
    completed.push({ ended: summary.completed_at!, summary });
  }
  completed.sort((a, b) => compareText(b.ended, a.ended) || compareText(b.summary.id, a.summary.id));
  const kept = new Map<string, number>();
  const prunable: string[] = [];
  for (const { ended, summary } of completed) {
    const count = kept.get(summary.workflow_id) ?? 0;
    if (count >= max_count || now - Date.parse(ended) > max_age) prunable.push(summary.id);
    else kept.set(summary.workflow_id, count + 1);
  }
  return prunable.reverse().slice(0, Math.max(batch, 0));
}
