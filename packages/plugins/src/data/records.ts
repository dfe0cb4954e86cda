import { refuse } from './errors.ts';

/** Records in lists, so that not every record costs a turn. */
export type Records = AsyncGenerator<unknown[], void, undefined>;

const unsafe = new Set(['__proto__', 'constructor', 'prototype']);

/** @throws DATA_INVALID for a name that could reach the prototype of an object */
export function checkName(name: string): string {
  if (unsafe.has(name))
    throw refuse('DATA_INVALID', `A field is called ${JSON.stringify(name)}, which is not allowed.`);
  return name;
}

/** Lists of at most so many records, until the limit. @returns whether there were more */
export async function collect(
  records: Records,
  limit: number,
  signal: AbortSignal,
): Promise<{ all: unknown[]; truncated: boolean }> {
  const all: unknown[] = [];
  for await (const list of records) {
    signal.throwIfAborted();
    for (const record of list) {
      if (all.length === limit) return { all, truncated: true };
      all.push(record);
    }
  }
  return { all, truncated: false };
}
