import type { Step } from '@vwmp/core';

/** What makes a step more than a plain one. */
export interface Badge {
  kind:
    | 'when'
    | 'foreach'
    | 'repeat'
    | 'retry'
    | 'timeout'
    | 'join'
    | 'optional'
    | 'disabled'
    | 'compensate'
    | 'queue';
  /** A few characters. */
  text: string;
  /** The whole of it. */
  detail: string;
}

export function badgesOf(step: Step): Badge[] {
  const { when, foreach, concurrency = 1, repeat, retry, timeout, join, compensate, queue } = step;
  const badges: Badge[] = [];
  const add = (kind: Badge['kind'], text: string, detail = text): void =>
    void badges.push({ kind, text, detail });
  if (step.enabled === false) add('disabled', 'disabled');
  if (when !== undefined && when !== true) add('when', 'when', `when ${String(when)}`);
  if (foreach !== undefined) {
    const list = typeof foreach === 'string' ? foreach : `${foreach.length} items`;
    add(
      'foreach',
      concurrency > 1 ? `foreach ×${concurrency}` : 'foreach',
      `for each of ${list}, ${concurrency} at a time`,
    );
  }
  if (repeat) add('repeat', 'repeat', `repeat until ${repeat.until}`);
  if (join !== undefined && join !== 'all' && (step.dependencies?.length ?? 0) > 0) {
    add(
      'join',
      join,
      join === 'any' ? 'when any of its dependencies is met' : 'whatever became of its dependencies',
    );
  }
  if (retry?.attempts !== undefined && retry.attempts > 1)
    add('retry', `retry ×${retry.attempts}`, `up to ${retry.attempts} attempts`);
  if (timeout !== undefined) add('timeout', duration(timeout), `timeout ${duration(timeout)}`);
  if (step.required === false) add('optional', 'optional', 'optional: may fail');
  if (compensate) add('compensate', 'undo', `undone by ${compensate.handler}`);
  if (queue !== undefined) add('queue', `@${queue}`, `on the queue ${queue}`);
  return badges;
}

function duration(value: string | number): string {
  return typeof value === 'number' ? `${value}ms` : value;
}
