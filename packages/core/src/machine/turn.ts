import type { RecordedEvent } from '../model/event.ts';
import type { Command } from './command.ts';
import type { Definition, StepDefinition } from './definition.ts';
import { evolve } from './evolve.ts';
import type { ExecutionState } from './state.ts';
import { isoTime } from './time.ts';

/** One turn of the machine: what it was given, and what comes of it. */
export interface Turn {
  readonly definition: Definition;
  readonly state: ExecutionState;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly events: RecordedEvent[];
  readonly commands: Command[];
  /** Positions of steps that may have become decided, first in, first out; no recursion, as graphs can be deep. */
  readonly candidates: number[];
}

export function createTurn(definition: Definition, state: ExecutionState, at: number): Turn {
  return { definition, state, at, events: [], commands: [], candidates: [] };
}

/** Adds a fact: the state follows from it, and whoever depended on a step that settled is looked at. */
export function record(turn: Turn, event: RecordedEvent): void {
  evolve(turn.definition, turn.state, event, isoTime(turn.at));
  turn.events.push(event);
  switch (event.event) {
    case 'step_completed':
    case 'step_failed':
    case 'step_cancelled':
    case 'step_skipped':
      for (const dependent of stepDefinition(turn, event.step_id).dependents) turn.candidates.push(dependent);
  }
}

/** The step that an input names, if there is one. */
export function findStep({ definition }: Turn, id: string): StepDefinition | undefined {
  const position = definition.positions.get(id);
  return position === undefined ? undefined : definition.steps[position];
}

/** The definition of a step by its id. */
function stepDefinition(turn: Turn, id: string): StepDefinition {
  return turn.definition.steps[turn.definition.positions.get(id)!]!;
}

/** @param at - ISO 8601 */
export function setTimer(turn: Turn, key: string, at: string): void {
  turn.commands.push({ type: 'set_timer', key, at });
}

export function clearTimer(turn: Turn, key: string): void {
  turn.commands.push({ type: 'clear_timer', key });
}
