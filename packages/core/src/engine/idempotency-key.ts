import { mask, type Redactor } from '../values/redactor.ts';
import { digest } from './digest.ts';

/** What stands for an idempotency key with a secret in it: masked, two keys could become one. */
export function hiddenKey(key: string): string {
  return mask + digest(key);
}

/** An idempotency key as it may be shown; one that was hidden before stays as it is. */
export function shownKey(key: string, redactor: Redactor): string {
  return redactor.text(key) === key || /^\*{3}[\da-f]{64}$/.test(key) ? key : hiddenKey(key);
}
