import type {
  Execution,
  ExecutionEvent,
  ExecutionHandle,
  JsonObject,
  Problem,
  Workflow,
  WorkflowEngine,
} from '@vwmp/core';
import { exitCodes } from '../cli/command.ts';
import { hasCode } from '../cli/has-code.ts';
import { ProblemsError } from '../cli/problems-error.ts';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { createApprover } from './approve.ts';
import { listenForCrash } from './crash.ts';
import { settingHint } from './hints.ts';
import { ignoreEnd } from './ignore-end.ts';
import { listenForInterrupts } from './interrupt.ts';
import { createPlainView } from './plain-view.ts';
import { createSignaller, type GivenSignal } from './signals.ts';
import { createUndoable, type Undoable } from './undoable.ts';
import type { View } from './view.ts';

/** How an execution is shown and decided. */
export interface ExecuteOptions {
  terminal: Terminal;
  json: boolean;
  /** For messages. */
  file: string;
  /** Steps whose approval was decided on the command line. */
  approve: readonly string[];
  reject: readonly string[];
  /** Sent when it starts. */
  signals: readonly GivenSignal[];
}

/** Runs a workflow to its end and shows it. @returns the exit code */
export async function execute(
  engine: WorkflowEngine,
  workflow: Workflow,
  parameters: JsonObject,
  options: ExecuteOptions,
): Promise<number> {
  const { terminal, json } = options;
  const output = json ? terminal.err : terminal.out;
  const live = output.isLive ? await import('./live-view.ts') : undefined;
  // Made by the first event: parameters that are wrong end it before there is anything to show.
  let view: View | undefined;
  const shown = (): View => {
    view ??= live?.createLiveView(workflow, output, terminal) ?? createPlainView(workflow, output);
    return view;
  };
  const approver = createApprover(engine, workflow, shown, options);
  const undoable = createUndoable(workflow);
  const signaller = createSignaller(engine, workflow, options.signals);
  engine.attach({
    onEvent(event: ExecutionEvent) {
      shown().onEvent(event);
      approver.onEvent(event);
      undoable.onEvent(event);
      signaller.onEvent(event);
    },
  });
  // A wait holds no handle, and a process without any would end.
  const alive = setInterval(() => {}, 2 ** 30);
  // Before it starts: a signal that came with the first event would end the process without any compensation.
  let handle: ExecutionHandle | undefined;
  let reason: string | undefined;
  const cancel = (): void => {
    if (handle === undefined || reason === undefined) return;
    // It may have ended by itself at the same moment.
    engine.cancel(handle.id, reason).catch(ignoreEnd);
  };
  const interrupts = listenForInterrupts(
    {
      cancel(why) {
        reason = why;
        cancel();
      },
      ends: () => undoable.ends,
      say: (text) => (json ? terminal.err.line(text) : shown().line(text)),
      beforeExit: () => tellStopped(undoable, view, options),
    },
    terminal,
  );
  const crashes = listenForCrash((error) => tellCrashed(error, undoable, view, options));
  let execution: Execution;
  try {
    handle = await start(engine, workflow, parameters, options.file);
    cancel();
    execution = await handle.result;
  } finally {
    crashes.stop();
    clearInterval(alive);
    interrupts.stop();
    approver.stop();
    signaller.stop();
    view?.close();
  }
  if (live) (await import('./summary.ts')).showSummary(execution, output, terminal.symbols, json);
  else tellMissing(execution, terminal);
  if (json) terminal.out.line(JSON.stringify(execution, null, 2));
  if (execution.status === 'success') return exitCodes.success;
  return interrupts.interrupted ? exitCodes.interrupted : exitCodes.failed;
}

async function start(
  engine: WorkflowEngine,
  workflow: Workflow,
  parameters: JsonObject,
  file: string,
): ReturnType<WorkflowEngine['startWorkflow']> {
  try {
    return await engine.startWorkflow(workflow, parameters);
  } catch (error) {
    if (!hasCode(error, 'PARAMETERS_INVALID')) throw error;
    const { message, details } = error as { message: string; details: readonly Problem[] };
    throw new ProblemsError('PARAMETERS_INVALID', message, details, file);
  }
}

/** In a pipe, too: that a secret is missing is mostly found out where nobody watches. */
function tellMissing({ steps }: Execution, { err, symbols }: Terminal): void {
  for (const [id, { error }] of Object.entries(steps)) {
    const hint = settingHint(error?.message ?? '');
    if (hint) err.line(err.style.cyan(`${symbols.arrow} ${id}: ${hint}`));
  }
}

/** What stands as the process ends at once. */
function tellStopped(undoable: Undoable, view: View | undefined, options: ExecuteOptions): void {
  const message = `Stopped at once, while it was being cancelled. ${leftBy(undoable)}`;
  tellAtOnce({ code: 'INTERRUPTED', message }, view, options);
}

/** What stands after an error of a timer or a promise of a handler that nothing caught. */
function tellCrashed(
  error: unknown,
  undoable: Undoable,
  view: View | undefined,
  options: ExecuteOptions,
): void {
  const { err } = options.terminal;
  const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  const message = `Stopped at once by an error that nothing caught: ${reason}. ${leftBy(undoable)}`;
  tellAtOnce({ code: 'CRASHED', message }, view, options);
  if (error instanceof Error && error.stack) err.line(err.style.dim(safe(error.stack, true)));
}

function leftBy(undoable: Undoable): string {
  const left = undoable.left();
  return left.length === 0 ? 'Nothing was left to undo.' : `Not undone: ${left.join(', ')}.`;
}

/** Nothing is flushed after that. */
function tellAtOnce(
  error: { code: string; message: string },
  view: View | undefined,
  { terminal: { out, err, symbols }, json }: ExecuteOptions,
): void {
  view?.pause();
  err.line(`${err.style.red(symbols.failed)} ${safe(error.message, true)}`);
  if (json) out.line(JSON.stringify({ error }, null, 2));
}
