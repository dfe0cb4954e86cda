import { permanent } from '../engine/permanent.ts';

/** PostgreSQL finds no longer ones, and what a key is must not depend on the store. */
const longestKey = 1000;

/** @throws VALUE_INVALID */
export function checkText(what: string, text: unknown): void {
  if (text === undefined) return;
  const bytes = typeof text === 'string' ? Buffer.byteLength(text) : 0;
  if (bytes > 0 && bytes <= longestKey) return;
  const why =
    typeof text !== 'string'
      ? `is of type ${typeof text}. Make text of it.`
      : bytes === 0
        ? 'is empty. Give one, or leave it out.'
        : `has ${bytes} bytes, more than ${longestKey}. Take a hash of it.`;
  const message = `The ${what} ${why}`;
  throw permanent('VALUE_INVALID', message);
}
