import { VwmpError } from '@vwmp/core';
import type { NewTask } from '@vwmp/core/ports';

/**
 * The payload of a task as JSON.
 *
 * @param limit - bytes
 * @throws VALUE_INVALID, which tells its size and not what is in it
 */
export function toText(queue: string, { name, payload }: NewTask, limit: number): string {
  let text: string | undefined;
  let cause: unknown;
  try {
    text = JSON.stringify(payload);
  } catch (error) {
    cause = error;
  }
  const size = text === undefined ? 0 : Buffer.byteLength(text);
  if (text !== undefined && size <= limit) return text;
  const what = `The payload of a task "${name}" for queue "${queue}"`;
  const message =
    text === undefined
      ? `${what} has no JSON form. Give plain data.`
      : `${what} takes ${size} bytes, and ${limit} are allowed. Store it elsewhere, and enqueue where it is.`;
  throw new VwmpError('VALUE_INVALID', message, { retryable: false, cause });
}
