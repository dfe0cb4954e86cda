import { VwmpError } from '@vwmp/core';

/** Reads stored JSON. @param what - such as `event 3 of the execution "x"` @throws STORE_CORRUPT */
export function parseStored<T>(text: string, what: () => string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw corrupt(what(), error);
  }
}

/** A stored record cannot be read. */
export function corrupt(what: string, cause?: unknown): VwmpError {
  const message = `What is stored of ${what} cannot be read. Check the database, or restore a backup.`;
  return new VwmpError('STORE_CORRUPT', message, { retryable: false, cause });
}
