import { hasCode } from '../errors.ts';
import type { StoredEvent } from '../model/event.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { ExecutionRecord, ExecutionStore, ExecutionSummary } from '../ports/execution-store.ts';

/** What became true of one execution at the same time. */
export interface Facts {
  readonly summary: ExecutionSummary;
  /** Number of the last event before these. */
  readonly expected_seq: number;
  readonly events: readonly StoredEvent[];
  /** There when these are the first. */
  readonly document?: WorkflowDocument;
  /** Ids of the messages that these answer. */
  readonly handled: readonly string[];
  /** There when nothing is left to do until `wake_at` (ISO 8601; null: until a message comes), and nobody has to hold it. */
  readonly park?: { readonly wake_at: string | null };
}

/** Records the facts of one execution. */
export interface Journal {
  /**
   * How long there has to be nothing to do for an execution to be let go of, in milliseconds. Missing: it is held until
   * it ends.
   */
  readonly parkAfter?: number;
  /**
   * When to look for the first time whether a step is still carried out elsewhere, in milliseconds; the time doubles. Missing: the
   * execution is held meanwhile.
   */
  readonly lookForTasks?: number;
  /**
   * True when it is on disk who works on an execution that was queued, and nobody else can end it: its first steps may begin before
   * its start is recorded.
   */
  readonly claims?: boolean;
  /** True while something is about to come: to let go of the execution and take it up again would cost more than to hold it. */
  expectant?(): boolean;
  /** Resolves once they would survive a crash. When it rejects, this process has no more to do with the execution. */
  record(facts: Facts): Promise<void>;
}

/**
 * Records in a store, for a program that keeps its executions to itself: no worker takes them up.
 *
 * @param epoch - of an execution that is resumed, what {@link takeOver} gave
 */
export function createStoreJournal(store: ExecutionStore, epoch: number): Journal {
  return {
    async record({ park: _, ...facts }) {
      await store.append({ ...facts, epoch, wake_at: null });
    },
  };
}

/**
 * Makes an execution that has not ended one's own, before anything of it is done: whoever had it is refused its next event.
 *
 * @returns what was recorded of it by then
 */
export async function takeOver(
  store: ExecutionStore,
  record: ExecutionRecord,
): Promise<{ history: StoredEvent[]; epoch: number }> {
  let found: ExecutionRecord | undefined = record;
  let { epoch } = record;
  while (found && found.completed_at === undefined) {
    const { seq, epoch: last, document: _, origin: _origin, owner: _owner, wake_at: _at, ...summary } = found;
    epoch = last + 1;
    try {
      await createStoreJournal(store, epoch).record({ summary, expected_seq: seq, events: [], handled: [] });
      break;
    } catch (error) {
      if (!hasCode(error, 'VERSION_CONFLICT') && !hasCode(error, 'FENCED')) throw error;
      // Whoever has it is at work: it stands elsewhere by now.
      found = await store.get(record.id);
    }
  }
  const history: StoredEvent[] = [];
  for await (const event of store.events(record.id)) history.push(event);
  return { history, epoch };
}
