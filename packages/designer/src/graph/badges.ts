import type { JsonValue } from '@vwmp/core';
import { isObject } from '../document/index.ts';

export type BadgeKind =
  | 'condition'
  | 'join'
  | 'loop'
  | 'repeat'
  | 'retry'
  | 'timeout'
  | 'optional'
  | 'disabled'
  | 'compensate'
  | 'queue';

/** Something about a step that one should see without opening it. */
export interface StepBadge {
  readonly kind: BadgeKind;
  /** Short, on the node. */
  readonly text: string;
  /** In full, for the tooltip and for screen readers. */
  readonly title: string;
}

/** What a step does besides calling its handler, in a fixed order. */
export function badgesOf(step: Record<string, JsonValue>): StepBadge[] {
  const badges: StepBadge[] = [];
  const add = (kind: BadgeKind, text: string, title: string): void => void badges.push({ kind, text, title });
  if (step.enabled === false) add('disabled', 'off', 'Disabled: it is skipped, and what follows goes on');
  if (step.when !== undefined && step.when !== true) add('condition', 'if', `Only when ${plain(step.when)}`);
  if (step.join === 'any') add('join', 'any', 'Starts when at least one of its edges is live');
  if (step.join === 'done') add('join', 'done', 'Starts when all before it have settled, however');
  if (step.foreach !== undefined) {
    const at = typeof step.concurrency === 'number' ? step.concurrency : 1;
    add('loop', at > 1 ? `each ×${at}` : 'each', `For each of ${plain(step.foreach)}, ${at} at a time`);
  }
  if (isObject(step.repeat)) add('repeat', 'until', `Again until ${plain(step.repeat.until)}`);
  if (isObject(step.retry) && step.retry.attempts !== undefined && step.retry.attempts !== 1)
    add('retry', `×${plain(step.retry.attempts)}`, `Tried up to ${plain(step.retry.attempts)} times`);
  if (step.timeout !== undefined) {
    const limit = typeof step.timeout === 'number' ? `${step.timeout}ms` : plain(step.timeout);
    add('timeout', limit, `Each attempt may take ${limit}`);
  }
  if (step.required === false) add('optional', 'optional', 'Its failure does not fail the execution');
  if (isObject(step.compensate)) add('compensate', 'undo', `Undone by ${plain(step.compensate.handler)}`);
  if (typeof step.queue === 'string')
    add('queue', step.queue, `Run by the workers of the queue ${step.queue}`);
  return badges;
}

function plain(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value.replace(/^\$\{(.*)\}$/s, '$1').trim();
  return JSON.stringify(value) ?? '';
}
