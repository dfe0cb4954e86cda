import type { RunRef } from '@vwmp/core';

/** A run of a step as people write it: `id`, or `id:index` in a foreach. */
export function runName({ step_id, index }: RunRef): string {
  return index === undefined ? step_id : `${step_id}:${index}`;
}
