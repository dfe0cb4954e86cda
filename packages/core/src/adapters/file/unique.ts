import { createIdSource } from '../../engine/ids.ts';

const ids = createIdSource();

/** Something that nobody else has, to be told apart by; not secret. */
export function unique(): string {
  return ids.next();
}
