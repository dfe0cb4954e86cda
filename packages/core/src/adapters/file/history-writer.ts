import type { Clock } from '../../ports/clock.ts';
import { isCompleted } from '../memory/execution-query.ts';
import type { ExecutionIndex } from './execution-index.ts';
import { executionPath } from './execution-path.ts';
import { type HistoryLine, type HistoryTail, rememberTail } from './history.ts';
import { type Effect, foldOps, type HistoryOp, splitOps } from './history-ops.ts';
import type { Leases } from './leases.ts';
import { createLimit } from './limit.ts';
import { createLogQueue, type LogQueue, type Outcome } from './log-queue.ts';
import { appendLine } from './log-writer.ts';
import { node } from './node.ts';

export interface HistoryWriterParts {
  /** The folder of executions. */
  root: string;
  index: ExecutionIndex;
  leases: Leases;
  clock: Pick<Clock, 'now'>;
  /** Up to which offset the messages of a history have been delivered, by path. */
  settled: ReadonlyMap<string, number>;
}

/** What was written. */
export interface Written extends Effect {
  /** The end of the history right after it, maybe with what was written together with it. */
  tail: HistoryTail;
}

/** Writes histories, by the id of the execution: what comes while one is being written goes into its next line. */
export type HistoryWriter = LogQueue<HistoryOp, Written | undefined>;

/** Makes the writer of a folder. Several processes may write at once: each line is based on the one before it. */
export function createHistoryWriter(parts: HistoryWriterParts): HistoryWriter {
  const { root, index, leases, clock, settled } = parts;
  const limit = createLimit(32);

  /** Writes ops that fit into one line. */
  const writeLine = async (
    path: string,
    ops: readonly HistoryOp[],
  ): Promise<Outcome<Written | undefined>[]> => {
    const file = node.path.join(root, path);
    let outcomes: Outcome<Effect | undefined>[] = [];
    let waiting: ReadonlySet<string> | undefined;
    try {
      const tail = await limit(() =>
        appendLine<HistoryLine, HistoryTail>({
          path: file,
          known: index.known.get(path),
          remember: rememberTail,
          async next(last, size) {
            const state = { path: file, last, size, settled: settled.get(path) };
            const folded = await foldOps(ops, state, { leases, clock });
            ({ outcomes, waiting } = folded);
            return folded.line;
          },
        }),
      );
      // Of what runs the end is known without reading; of what has ended nothing needs to stay, unless it is
      // listed.
      const last = tail?.last;
      if (last && waiting) last.waiting = waiting;
      if (last && (index.listed || !isCompleted(last.summary))) index.known.set(path, tail);
      else index.known.delete(path);
      return outcomes.map((outcome) =>
        'value' in outcome && outcome.value ? { value: { ...outcome.value, tail: last! } } : outcome,
      ) as Outcome<Written | undefined>[];
    } catch (error) {
      index.known.delete(path);
      throw error;
    }
  };

  return createLogQueue<HistoryOp, Written | undefined>(async (id, group) => {
    const path = executionPath(id);
    const outcomes: Outcome<Written | undefined>[] = [];
    for (const ops of splitOps(group)) {
      try {
        outcomes.push(...(await writeLine(path, ops)));
      } catch (error) {
        outcomes.push(...ops.map(() => ({ error })));
      }
    }
    return outcomes;
  });
}
