import type { ExecutionEvent, Workflow, WorkflowEngine } from '@vwmp/core';
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
  const canAsk = (): boolean => process.stdin.isTTY === true && terminal.err.isTTY;
  const open: Open[] = [];
  let current: { question: Open; abort: AbortController } | undefined;

  const decide = async (question: Open, decision: Decision): Promise<void> => {
    try {
      await engine.decideApproval(question.executionId, question.step, decision);
    } catch (error) {
      // It timed out or was cancelled while the person was typing, which the view has told.
      if (hasCode(error, 'STEP_NOT_WAITING') || hasCode(error, 'EXECUTION_NOT_FOUND')) return;
      if (!hasCode(error, 'APPROVAL_INVALID')) throw error;
      const { message } = error as Error;
      if (!canAsk())
        return engine.cancel(question.executionId, `${message} Run it in a terminal to fill it in.`);
      terminal.err.line(`  ${terminal.err.style.red(terminal.symbols.failed)} ${safe(message)}`);
      enqueue(question);
    }
  };

  const enqueue = (question: Open): void => {
    open.push(question);
    if (!current) later(askNext);
  };

  const askNext = async (): Promise<void> => {
    const question = open.shift();
    if (current || !question) return;
    const abort = new AbortController();
    current = { question, abort };
    view().pause();
    const { ask } = await import('./ask.ts');
    const decision = await ask(question, terminal, abort.signal);
    current = undefined;
    if (open.length === 0) view().resume();
    if (decision) await decide(question, decision);
    await askNext();
  };

  const onWait = (question: Open, hasEnd: boolean): void => {
    const { step, executionId } = question;
    const id = step.split(':')[0] ?? step;
    const named = (list: readonly string[]): boolean => [step, id, '*'].some((each) => list.includes(each));
    if (named(reject)) return later(() => decide(question, { approved: false, by: 'vwmp run --reject' }));
    if (named(approve)) return later(() => decide(question, { approved: true, by: 'vwmp run --approve' }));
    if (canAsk()) return enqueue(question);
    const { err, symbols } = terminal;
    const advice = `Run it in a terminal to be asked, or decide with --approve ${id} or --reject ${id}.`;
    const text = `Step "${step}" waits for an approval: there is no terminal to ask. ${advice}`;
    err.line(`${err.style.yellow(symbols.warning)} ${text}`);
    if (hasEnd) return;
    const reason = `Step "${step}" waits for an approval without a timeout, and there is nobody to give it. ${advice}`;
    later(() => engine.cancel(executionId, reason));
  };

  return {
    onEvent(event) {
      if (!('step_id' in event) || event.step_id === undefined) return;
      const step =
        'index' in event && event.index !== undefined ? `${event.step_id}:${event.index}` : event.step_id;
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
