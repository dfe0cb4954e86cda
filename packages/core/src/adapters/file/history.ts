import type { StoredEvent } from '../../model/event.ts';
import type { WorkflowDocument } from '../../model/workflow.ts';
import type { ExecutionSummary, Message, Origin } from '../../ports/execution-store.ts';
import type { HistoryEnd } from '../memory/check-append.ts';
import type { Standing } from '../memory/ownership.ts';

/** A message to another execution, as it stands in the history of its sender. */
export interface Outgoing {
  message: Message;
  /** Of the receiver, so that one that was made anew under the same id gets nothing. */
  born: string;
  /** How long the history of the receiver was before: the message can only stand after that. */
  after: number;
}

/**
 * One line of a history: what went to disk together. Each line says everything that there is to know of the
 * execution but for its document, events and messages, so that the last one is enough.
 */
export interface HistoryLine extends Standing {
  /** The number of the last event before these. */
  from: number;
  epoch: number;
  summary: ExecutionSummary;
  /** On the first line. */
  document?: WorkflowDocument;
  /** What is sealed of the origin. On the first line: it may be long. */
  encrypted?: string;
  /** Without what is sealed. */
  origin?: Origin;
  /** Made up when the execution was created. */
  born: string;
  /** Counts the executions with the same concurrency key. */
  place?: number;
  events: readonly StoredEvent[];
  /** Messages that came, before those that went. */
  posted?: readonly Message[];
  handled?: readonly string[];
  outbox?: readonly Outgoing[];
  /** Messages that wait after this line. `since` is the offset of the first line that has one; missing: this one. */
  inbox?: { count: number; since?: number };
  /** Lines whose outbox may not have been delivered, by offset; missing: this one. */
  unsent?: { since?: number; until?: number };
}

/** What is kept in memory of a history: what its last line says. */
export interface HistoryTail extends HistoryEnd {
  summary: ExecutionSummary;
  origin?: Origin;
  born: string;
  place?: number;
  standing: Standing;
  inbox: { count: number; since: number } | undefined;
  /** The ids of what waits, where they are known. */
  waiting?: ReadonlySet<string>;
  unsent: { since: number; until: number } | undefined;
}

/** Takes the end of a history out of its last line, which stands at `at`. */
export function rememberTail(line: HistoryLine, at: number): HistoryTail {
  const { from, epoch, summary, events, born, origin, place, owner, wake_at, at_once, inbox, unsent } = line;
  return {
    ...{ seq: from + events.length, epoch, summary, born },
    ...(origin && { origin }),
    ...(place !== undefined && { place }),
    standing: {
      ...(owner !== undefined && { owner }),
      ...(wake_at !== undefined && { wake_at }),
      ...(at_once && { at_once }),
    },
    inbox: inbox && { count: inbox.count, since: inbox.since ?? at },
    unsent: unsent && { since: unsent.since ?? at, until: unsent.until ?? at },
  };
}
