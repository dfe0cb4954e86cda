import type {
  Execution,
  ExecutionRecord,
  ExecutionStore,
  ExecutionSummary,
  RunRef,
  StoredEvent,
  Wait,
  Workflow,
} from '@vwmp/core';
import type { Definition, ExecutionState } from '@vwmp/core/machine';
import type { Platform } from '@vwmp/core/platform';
import { runName } from 'operator-common';
import { type Board, createBoard, update } from '../run/board.ts';

/** Everything that there is to show of an execution. */
export interface Picture {
  record: ExecutionRecord;
  execution: Execution;
  board: Board;
  /** `asked` is the number of the event that told of the question of an approval. */
  waits: (RunRef & { wait: Wait; asked?: number })[];
  /** Started by it, newest first. */
  children: readonly ExecutionSummary[];
  /** Who works on it. Missing when nobody does, also when its last owner is gone. */
  worker?: string;
  /** Messages that nobody has taken in yet. */
  messages: number;
}

/** Children that are shown. */
const mostChildren = 50;

/** @returns undefined when it was removed meanwhile */
export async function takePicture(platform: Platform, record: ExecutionRecord): Promise<Picture | undefined> {
  const { executions } = platform.storage;
  const { id } = record;
  const { compileDefinition, evolve, initialState, resume } = await import('@vwmp/core/machine');
  const execution = await platform.execution(id);
  if (!execution) return undefined;
  const [children, messages, worker] = await Promise.all([
    executions.list({ parent_id: id, limit: mostChildren }),
    executions.messages(id),
    workerOf(executions, record),
  ]);
  const { document } = record;
  const board = createBoard({ document, name: document.name } as Workflow);
  const definition = compileDefinition(document);
  const state = initialState(definition);
  const asked = new Map<string, number>();
  for await (const event of executions.events(id)) {
    if (event.event === 'step_waiting' && event.wait.kind === 'approval')
      asked.set(runName(event), event.seq);
    evolve(definition, state, event, event.timestamp);
    update(board, event as StoredEvent);
  }
  const waits = waitsOf(definition, state).map((each) => {
    const number = each.wait.kind === 'approval' ? asked.get(runName(each)) : undefined;
    return { ...each, ...(number !== undefined && { asked: number }) };
  });
  // A start is not recorded: what would be begun now is what runs, if somebody has it.
  resume(definition, state, Date.now());
  completeBoard(board, definition, state, record, worker);
  return {
    ...{ record, execution, board, waits, children: children.results, messages: messages.length },
    ...(worker !== undefined && { worker }),
  };
}

/** So many that wait for a worker are looked through. */
const mostReady = 500;

/**
 * The worker that has an execution. One that was killed is named by the record still, and its executions are ready again
 * once its lease has expired.
 */
export async function workerOf(
  executions: ExecutionStore,
  { id, owner }: ExecutionRecord,
): Promise<string | undefined> {
  if (owner === undefined) return undefined;
  const ready = await executions.ready(Date.now(), mostReady);
  return ready.includes(id) ? undefined : owner;
}

function waitsOf({ steps }: Definition, state: ExecutionState): Picture['waits'] {
  return state.steps.flatMap(({ run, foreach }, position) => {
    const step_id = steps[position]!.id;
    const own = run?.wait ? [{ step_id, wait: run.wait }] : [];
    const items = Object.entries(foreach?.active ?? {}).flatMap(([index, { wait }]) =>
      wait ? [{ step_id, index: Number(index), wait }] : [],
    );
    return [...own, ...items];
  });
}

/** Fills in what no event tells: what runs, and what waits for other steps. */
function completeBoard(
  board: Board,
  { steps }: Definition,
  state: ExecutionState,
  { started_at, status }: ExecutionRecord,
  worker: string | undefined,
): void {
  board.startedAt = Date.parse(started_at);
  if (state.phase === 'stopping') board.phase = 'cancelling';
  const begun = status !== 'pending';
  if (board.phase === 'ended') return;
  for (const { id, index, edges } of steps) {
    const step = board.steps.get(id)!;
    const current = state.steps[index]!;
    // Its attempt is carried out elsewhere: what it waits for says more.
    if (current.run?.wait) continue;
    if (current.status === 'running' && (begun || edges.length === 0)) {
      step.status = 'running';
      // When it began is not recorded either: not before what it depends on had ended.
      const ends = edges.map(({ from }) => board.steps.get(steps[from]!.id)!.endedAt ?? 0);
      step.startedAt ??= Math.max(board.startedAt, ...ends);
      step.ready = worker === undefined && step.dueAt === undefined;
    } else if (current.status === 'pending') {
      const sources = edges.filter(({ from }) => !settled.has(state.steps[from]!.status));
      step.after = sources.map(({ from, port }) => steps[from]!.id + (port === undefined ? '' : `:${port}`));
    } else if (current.status === 'waiting') step.status = 'waiting';
  }
}

const settled: ReadonlySet<string> = new Set(['success', 'failed', 'skipped', 'cancelled']);
