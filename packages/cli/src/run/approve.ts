import type { ExecutionEvent, Workflow, WorkflowEngine } from '@vwmp/core';
import { hasCode } from '../cli/has-code.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { ask, type Decision } from './ask.ts';
import type { View } from './view.ts';

/** Decides the approvals of an execution and its children. */
export interface Approver {
  onEvent(event: ExecutionEvent): void;
  stop(): void;
}

interface Question {
  executionId: string;
  /** `id`, or `id:index` in a foreach. */
  step: string;
  prompt: string;
}

/**
 * What the command line decided is decided at once. Else the person at the terminal is asked, one question after the
 * other. Where there is neither, it waits for the timeout; without one it would wait for ever, so it is cancelled.
 */
export function createApprover(
  engine: WorkflowEngine,
  workflow: Workflow,
  view: () => View,
  {
    terminal,
    approve,
    reject,
  }: { terminal: Terminal; approve: readonly string[]; reject: readonly string[] },
): Approver {
  const canAsk = process.stdin.isTTY === true && terminal.err.isTTY;
  const open: Question[] = [];
  let current: { question: Question; abort: AbortController } | undefined;

  const decide = async ({ executionId, step }: Question, decision: Decision): Promise<void> => {
    try {
      await engine.decideApproval(executionId, step, decision);
    } catch (error) {
      // It timed out or was cancelled while the person was typing, which the view has told.
      if (!hasCode(error, 'STEP_NOT_WAITING') && !hasCode(error, 'EXECUTION_NOT_FOUND')) throw error;
    }
  };

  const askNext = async (): Promise<void> => {
    const question = open.shift();
    if (current || !question) return;
    const abort = new AbortController();
    current = { question, abort };
    view().pause();
    const decision = await ask(question.step, question.prompt, terminal, abort.signal);
    current = undefined;
    if (open.length === 0) view().resume();
    if (decision) await decide(question, decision);
    await askNext();
  };

  const onWait = (question: Question, hasEnd: boolean): void => {
    const { step, executionId } = question;
    const id = step.split(':')[0] ?? step;
    const named = (list: readonly string[]): boolean => [step, id, '*'].some((each) => list.includes(each));
    if (named(reject)) return later(() => decide(question, { approved: false, by: 'vwmp run --reject' }));
    if (named(approve)) return later(() => decide(question, { approved: true, by: 'vwmp run --approve' }));
    if (canAsk) {
      open.push(question);
      if (!current) later(askNext);
      return;
    }
    const advice = `Run it in a terminal to be asked, or decide with --approve ${id} or --reject ${id}.`;
    terminal.err.line(
      `${terminal.err.style.yellow(terminal.symbols.warning)} Step "${step}" waits for an approval: there is no terminal to ask. ${advice}`,
    );
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
        const hasEnd = event.wait.deadline !== undefined || workflow.document.timeout !== undefined;
        onWait({ executionId: event.execution_id, step, prompt: event.wait.prompt }, hasEnd);
      } else if (/^(step|item)_(completed|failed|cancelled)$/.test(event.event)) {
        const same = ({ executionId, step: other }: Question): boolean =>
          executionId === event.execution_id && other === step;
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
