import { expect, it } from 'vitest';
import type { ActiveExecution } from '../engine/active-execution.ts';
import { PayloadGuard } from '../engine/payload.ts';
import { createRedactor } from '../values/index.ts';
import { Inbox } from './inbox.ts';

it('handles a signal that was sent again with its key after it was handled, so that it does not lie there for ever', () => {
  const handled: string[] = [];
  const execution = { now: () => 0, deliver: (id: string) => handled.push(id) } as unknown as ActiveExecution;
  const host = { reported: () => {}, childEnded: () => {}, refused: () => {} };
  const inbox = new Inbox(execution, new PayloadGuard(createRedactor(), 1000), host);
  const body = { type: 'signal', signal: 's', payload: null };
  const keyed = { id: 'keyed', execution_id: 'e', body: { ...body, idempotency_key: 'k' } };
  const plain = { id: 'plain', execution_id: 'e', body };
  expect(inbox.take([keyed, plain])).toBe(2);
  // Without a key the machine would take in a second one.
  expect(inbox.take([keyed, plain])).toBe(1);
  expect(handled).toEqual(['keyed', 'plain', 'keyed']);
});
