import { hiddenKey } from '../engine/idempotency-key.ts';
import type { ExecutionStore } from '../ports/execution-store.ts';
import { mask } from '../values/redactor.ts';

/** Whether an execution has taken in a signal with an idempotency key, as its history tells. */
export async function wasSignalled(
  store: ExecutionStore,
  id: string,
  signal: string,
  key: string,
): Promise<boolean> {
  const forms: (string | undefined)[] = [key, hiddenKey(key)];
  for await (const event of store.events(id)) {
    if (event.event !== 'signal_received' || !forms.includes(event.idempotency_key)) continue;
    // Of a name with something hidden in it nobody can tell.
    if (event.signal === signal || event.signal.includes(mask)) return true;
  }
  return false;
}
