import { VwmpError } from '../../errors.ts';
import type { Append, Message } from '../../ports/execution-store.ts';

/** Of messages that were posted to one execution; what executions send each other always has room. */
const inboxLimit = 10_000;

/** How far a history goes, and who went there. */
export interface HistoryEnd {
  seq: number;
  epoch: number;
}

/**
 * Whether `append` may follow on what is stored.
 *
 * @param end - undefined when there is no such execution
 * @throws ALREADY_EXISTS, FENCED, VERSION_CONFLICT
 * @throws TypeError when the append contradicts itself, which is a mistake of the caller
 */
export function checkAppend(append: Append, end: HistoryEnd | undefined): void {
  const { id } = append.summary;
  const { expected_seq, epoch, events } = append;
  if (expected_seq === 0 && (events.length === 0 || !append.document)) {
    throw new TypeError(`Creating the execution "${id}" needs its document and its first event.`);
  }
  for (const [index, event] of events.entries()) {
    if (event.seq !== expected_seq + index + 1) {
      throw new TypeError(`Event ${index} of the append to "${id}" has the number ${event.seq}.`);
    }
  }
  if (expected_seq === 0 && end) {
    const message = `The execution "${id}" is there already. Read it, or choose another id.`;
    throw new VwmpError('ALREADY_EXISTS', message, { retryable: false, details: { execution_id: id } });
  }
  if (end && epoch < end.epoch) {
    const message = `The execution "${id}" belongs to epoch ${end.epoch} now; epoch ${epoch} may not write.`;
    throw new VwmpError('FENCED', message, { retryable: false });
  }
  const seq = end?.seq ?? 0;
  if (expected_seq !== seq) {
    const message = `The execution "${id}" is at event ${seq}, not ${expected_seq}. Read it again.`;
    throw new VwmpError('VERSION_CONFLICT', message, { retryable: false });
  }
}

/** Another execution of the workflow has the idempotency key. */
export function keyTaken({ summary }: Append, id: string): VwmpError {
  const message =
    `The execution "${id}" of the workflow "${summary.workflow_id}" was created with the same idempotency key. ` +
    'Take it, or choose another key.';
  return new VwmpError('ALREADY_EXISTS', message, { retryable: false, details: { execution_id: id } });
}

/** As many executions as the limit allows have not ended, and this one is not to wait for them. */
export function limitReached({ summary, origin }: Append): VwmpError {
  const { key, limit } = origin!.concurrency!;
  const message =
    `The execution "${summary.id}" was not created: ${limit} with the concurrency key "${key}" have not ended. ` +
    'Wait for one of them, or let it queue.';
  return new VwmpError('CONCURRENCY_LIMIT', message, { retryable: true, details: { key, limit } });
}

/** @throws EXECUTION_NOT_FOUND, EXECUTION_NOT_ACTIVE, INBOX_FULL */
export function checkPost(
  { id, execution_id }: Message,
  execution: { ended: boolean; waiting: { size: number; has(id: string): boolean } } | undefined,
): void {
  if (!execution) {
    const message = `There is no execution "${execution_id}" (any more), so it was sent nothing.`;
    throw new VwmpError('EXECUTION_NOT_FOUND', message, { retryable: false });
  }
  if (execution.ended) {
    const message = `The execution "${execution_id}" has ended: it takes no message any more.`;
    throw new VwmpError('EXECUTION_NOT_ACTIVE', message, { retryable: false });
  }
  if (execution.waiting.size >= inboxLimit && !execution.waiting.has(id)) {
    const message = `${inboxLimit} messages wait for the execution "${execution_id}". Let it handle some first.`;
    throw new VwmpError('INBOX_FULL', message, { details: { execution_id } });
  }
}
