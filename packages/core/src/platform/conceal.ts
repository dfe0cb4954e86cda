import { shownKey } from '../engine/idempotency-key.ts';
import { hasCode } from '../errors.ts';
import { createRedactor } from '../values/index.ts';
import type { MessageBody } from './message.ts';
import type { Sealer } from './seal.ts';

/** What comes from outside of an execution. */
export type Sent = Extract<MessageBody, { type: 'signal' | 'decide' | 'cancel' }>;

/**
 * Takes the secrets of an execution out of what is sent to it: until its owner takes it in, it lies in the store for all to read.
 *
 * @param sealed - of its origin
 * @throws ENCRYPTION_KEY_MISSING, ENCRYPTION_KEY_WRONG, except for a cancellation, which then loses its reason
 */
export function conceal(body: Sent, sealed: string, sealer: Sealer): Sent {
  const redactor = createRedactor();
  try {
    for (const secret of sealer.open(sealed).secrets) redactor.add(secret);
  } catch (error) {
    const unreadable = hasCode(error, 'ENCRYPTION_KEY_MISSING') || hasCode(error, 'ENCRYPTION_KEY_WRONG');
    if (!unreadable || body.type !== 'cancel') throw error;
    return { ...body, reason: 'It was cancelled.' };
  }
  // Part by part: a secret that is called "signal" must not take away the type.
  if (body.type === 'cancel') return { ...body, reason: redactor.text(body.reason) };
  const payload = redactor.redactData(body.payload);
  if (body.type === 'decide') return { ...body, payload };
  const key = body.idempotency_key;
  return {
    ...body,
    signal: redactor.text(body.signal),
    payload,
    ...(key !== undefined && { idempotency_key: shownKey(key, redactor) }),
  };
}
