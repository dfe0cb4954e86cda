import type { ExecutionEvent, RunRef, Workflow, WorkflowEngine } from '@vwmp/core';
import { runName } from 'operator-common';
import { hasCode } from '../cli/has-code.ts';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Decision, Question } from './ask.ts';
import type { View } from './view.ts';

/** Decides the approvals of an execution and its children. */
export interface Approver {
  onEvent(event: ExecutionEvent): void;
  stop(): void;
}

/** What decides without asking. */
export interface ApproverOptions {
  terminal: Terminal;
  approve: readonly string[];
  reject: readonly string[];
}

/** `step` is `id`, or `id:index` in a foreach. */
interface Open extends Question {
  executionId: string;
}

/**
 * What the command line decided is decided at once. Else the person at the terminal is asked, one question after the
 * other. Where there is neither, it waits for the timeout; without one it would wait for ever, so it is cancelled.
 */
export function createApprover(
  engine: WorkflowEngine,
  workflow: Workflow,
  view: () => View,
  { terminal, approve, reject }: ApproverOptions,
): Approver {
  const open: Open[] = [];
  const cancelled = new Set<string>();
  let current: { question: Open; abort: AbortController } | undefined;

  let asking: boolean | undefined;
  /** Until the person has had enough. Looked up late: Node makes a stream of stdin when it is first asked for, in 3 ms. */
  const isAsking = (): boolean => {
    asking ??= process.stdin.isTTY === true && terminal.err.isTTY;
    return asking;
  };

  /** @returns what is wrong with the form */
  const decide = async (question: Open, decision: Decision): Promise<string | undefined> => {
    try {
      await engine.decideApproval(question.executionId, question.step, decision);
    } catch (error) {
      // It timed out or was cancelled while the person was typing, which the view has told.
      if (hasCode(error, 'STEP_NOT_WAITING') || hasCode(error, 'EXECUTION_NOT_FOUND')) return undefined;
      if (!hasCode(error, 'APPROVAL_INVALID')) throw error;
      return (error as Error).message;
    }
    return undefined;
  };

  /** Once: a second time would give up what is being undone. */
  const cancel = async (executionId: string, reason: string): Promise<void> => {
    if (cancelled.has(executionId)) return;
    cancelled.add(executionId);
    await engine.cancel(executionId, reason).catch((error: unknown) => {
      if (!hasCode(error, 'EXECUTION_NOT_FOUND')) throw error;
    });
  };

  /** With what the command line said, which can fill in no form. */
  const decideAhead = async (question: Open, decision: Decision): Promise<void> => {
    const problem = await decide(question, decision);
    if (problem === undefined) return;
    if (!isAsking()) return cancel(question.executionId, `${problem} Run it in a terminal to fill it in.`);
    view().line(`${terminal.err.style.yellow(terminal.symbols.warning)} ${safe(problem)}`);
    enqueue(question);
  };

  const enqueue = (question: Open): void => {
    open.push(question);
    later(askNext);
  };

  const askNext = async (): Promise<void> => {
    if (current) return;
    const question = open.shift();
    if (!question) return;
    const abort = new AbortController();
    current = { question, abort };
    view().pause();
    const { ask } = await import('./ask.ts');
    const goOn = await ask(question, terminal, abort.signal, (decision) => decide(question, decision));
    current = undefined;
    if (!goOn) {
      asking = false;
      open.length = 0;
    }
    if (open.length === 0) view().resume();
    await askNext();
  };

  const onWait = (question: Open, hasEnd: boolean): void => {
    const { step, executionId } = question;
    const id = step.split(':')[0] ?? step;
    const named = (list: readonly string[]): boolean => [step, id, '*'].some((each) => list.includes(each));
    if (named(reject))
      return later(() => decideAhead(question, { approved: false, by: 'vwmp run --reject' }));
    if (named(approve))
      return later(() => decideAhead(question, { approved: true, by: 'vwmp run --approve' }));
    if (isAsking()) return enqueue(question);
    const { err, symbols } = terminal;
    const advice = `Run it in a terminal to be asked, or decide with --approve ${id} or --reject ${id}.`;
    const text = `Step "${step}" waits for an approval: there is no terminal to ask. ${advice}`;
    err.line(`${err.style.yellow(symbols.warning)} ${text}`);
    if (hasEnd) return;
    const reason = `Step "${step}" waits for an approval without a timeout, and there is nobody to give it. ${advice}`;
    later(() => cancel(executionId, reason));
  };

  return {
    onEvent(event) {
      if (!('step_id' in event) || event.step_id === undefined) return;
      const step = runName(event as RunRef);
      if (event.event === 'step_waiting' && event.wait.kind === 'approval') {
        const { prompt, form, deadline } = event.wait;
        const hasEnd = deadline !== undefined || workflow.document.timeout !== undefined;
        onWait({ executionId: event.execution_id, step, prompt, form }, hasEnd);
      } else if (/^(step|item)_(completed|failed|cancelled)$/.test(event.event)) {
        const same = (each: Open): boolean => each.executionId === event.execution_id && each.step === step;
        if (current && same(current.question)) current.abort.abort();
        const at = open.findIndex(same);
        if (at >= 0) open.splice(at, 1);
      }
    },
    stop() {
      open.length = 0;
      current?.abort.abort();
    },
  };
}

/** After the engine has finished telling of the wait; a failure is one of ours and ends the process. */
function later(work: () => Promise<void>): void {
  setImmediate(() => void work());
}
