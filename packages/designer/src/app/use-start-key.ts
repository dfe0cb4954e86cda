import { useRef } from 'react';

/**
 * The key under which something is started: the same as long as the same is, so that whoever tries it again after an answer that was
 * lost does not start it twice.
 *
 * @returns gives the key for what is to be started
 */
export function useStartKey(): (...what: unknown[]) => string {
  const last = useRef<{ what: string; key: string }>(undefined);
  return (...given) => {
    const what = JSON.stringify(given);
    if (last.current?.what !== what) last.current = { what, key: newKey() };
    return last.current.key;
  };
}

/** Not `randomUUID`: pages that come over plain HTTP from another machine don't have it. */
function newKey(): string {
  return `page-${Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-')}`;
}
