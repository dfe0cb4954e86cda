import type { Step, WorkflowDocument } from '../../model/workflow.ts';
import type { Command } from '../command.ts';
import { compileDefinition, type Definition } from '../definition.ts';
import type { Input } from '../input.ts';
import { type ExecutionState, initialState, type StepState } from '../state.ts';
import { transition } from '../transition.ts';
import type { Body } from './report.ts';

export type ExampleStep = Omit<Step, 'handler'>;

/** An execution driven by hand, input by input; its clock starts at 0 and stands still unless told. */
export class Example {
  readonly definition: Definition;
  readonly state: ExecutionState;
  at = 0;

  /** Starts the execution. */
  constructor(steps: readonly ExampleStep[], rest: Partial<WorkflowDocument> = {}) {
    const handler = 'test.none';
    this.definition = compileDefinition({
      name: 'example',
      ...rest,
      steps: steps.map((step) => ({ ...step, handler })),
    });
    this.state = initialState(this.definition);
    this.started = this.send({
      type: 'start',
      workflow_id: 'example',
      workflow_version: '1.0.0',
      parameters: {},
    });
  }

  /** What the machine asked for at the start. */
  readonly started: readonly Command[];

  send(body: Body): readonly Command[] {
    return transition(this.definition, this.state, { ...body, at: this.at } as Input).commands;
  }

  succeed(
    step_id: string,
    more: { port?: string; index?: number; again?: boolean } = {},
  ): readonly Command[] {
    return this.send({ type: 'succeeded', step_id, output: `${step_id}${more.index ?? ''} done`, ...more });
  }

  fail(
    step_id: string,
    more: { code?: string; retryable?: boolean; index?: number; random?: number } = {},
  ): readonly Command[] {
    const { code = 'NO', retryable, random = 0, index } = more;
    const error = { code, message: 'No.', ...(retryable === undefined ? {} : { retryable }) };
    return this.send({ type: 'failed', step_id, error, random, ...(index === undefined ? {} : { index }) });
  }

  step(id: string): StepState {
    return this.state.steps[this.definition.positions.get(id)!]!;
  }

  /** What each step is, and why if it was skipped. */
  get steps(): Record<string, string> {
    return Object.fromEntries(
      this.definition.steps.map(({ id, index }) => {
        const { status, reason } = this.state.steps[index]!;
        return [id, reason === undefined ? status : `${status}: ${reason}`];
      }),
    );
  }
}
