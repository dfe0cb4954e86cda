import type { StoredEvent } from '../../model/event.ts';
import type { WorkflowDocument } from '../../model/workflow.ts';
import type { ExecutionStore, ExecutionSummary } from '../../ports/execution-store.ts';
import { checkAppend, type HistoryEnd } from './check-append.ts';
import { isCompleted, queryExecutions } from './execution-query.ts';
import { createGate } from './gate.ts';
import { selectPrunable } from './retention.ts';
import { snapshot } from './snapshot.ts';

export interface MemoryExecutionStoreOptions {
  /** So many completed executions stay; those that completed first go. @defaultValue 1000 */
  maxCompleted?: number;
}

interface Held extends HistoryEnd {
  summary: ExecutionSummary;
  document: WorkflowDocument;
  events: StoredEvent[];
}

/**
 * Keeps executions in the memory of the process. Nothing is ever lost while they run; of the completed ones
 * only the last stay, so that a process that runs for long does not grow.
 */
export function createMemoryExecutionStore(options: MemoryExecutionStoreOptions = {}): ExecutionStore {
  const { maxCompleted = 1000 } = options;
  const executions = new Map<string, Held>();
  /** In the order in which they completed. */
  const completed = new Set<string>();
  const gate = createGate('execution store');

  const forget = (id: string): void => {
    executions.delete(id);
    completed.delete(id);
  };

  function* summaries(): Iterable<ExecutionSummary> {
    for (const { summary } of executions.values()) yield summary;
  }

  return {
    open: gate.open,
    async close() {
      await gate.close();
      executions.clear();
      completed.clear();
    },
    async append(append) {
      gate.check();
      const { id } = append.summary;
      let held = executions.get(id);
      checkAppend(append, held);
      const summary = snapshot(append.summary);
      const events = append.events.map(snapshot);
      if (held) held.summary = summary;
      else {
        held = { summary, document: snapshot(append.document!), events: [], seq: 0, epoch: 0 };
        executions.set(id, held);
      }
      for (const event of events) held.events.push(event);
      held.seq += events.length;
      held.epoch = append.epoch;
      completed.delete(id);
      if (!isCompleted(summary)) return;
      completed.add(id);
      for (const oldest of completed) {
        if (completed.size <= maxCompleted) break;
        forget(oldest);
      }
    },
    async get(id) {
      gate.check();
      const held = executions.get(id);
      if (!held) return undefined;
      return Object.freeze({ ...held.summary, seq: held.seq, epoch: held.epoch, document: held.document });
    },
    async *events(id, after = 0) {
      gate.check();
      const events = executions.get(id)?.events ?? [];
      for (let index = after; index < events.length; index++) yield events[index]!;
    },
    async list(query = {}) {
      gate.check();
      return queryExecutions(summaries(), query);
    },
    async prune(retention, now, batch) {
      gate.check();
      const ids = selectPrunable(summaries(), retention, now, batch);
      for (const id of ids) forget(id);
      return ids.length;
    },
  };
}
