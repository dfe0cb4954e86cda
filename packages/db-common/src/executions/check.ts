import { type Append, type Message, VwmpError } from '@vwmp/core';

/** Of messages that were posted to one execution; what executions send each other always has room. */
export const inboxLimit = 10_000;

/** How far a history goes, and who went there. */
export interface HistoryEnd {
  seq: number;
  epoch: number;
}

/** @throws TypeError when an append contradicts itself, which is a mistake of the caller */
export function checkForm({ summary: { id }, expected_seq, events, document }: Append): void {
  if (expected_seq === 0 && (events.length === 0 || !document)) {
    throw new TypeError(`Creating the execution "${id}" needs its document and its first event.`);
  }
  for (let index = 0; index < events.length; index++) {
    const { seq } = events[index]!;
    if (seq !== expected_seq + index + 1)
      throw new TypeError(`Event ${index} of the append to "${id}" has the number ${seq}.`);
  }
}

/**
 * Why an append may not follow on what is stored.
 *
 * @param end - undefined when there is no such execution
 * @returns ALREADY_EXISTS, FENCED or VERSION_CONFLICT
 */
export function refusal(
  append: Pick<Append, 'summary' | 'expected_seq' | 'epoch'>,
  end: HistoryEnd | undefined,
): VwmpError | undefined {
  const { id } = append.summary;
  const { expected_seq, epoch } = append;
  if (expected_seq === 0 && end) return idTaken(id);
  if (end && epoch < end.epoch) {
    const message = `The execution "${id}" belongs to epoch ${end.epoch} now; epoch ${epoch} may not write.`;
    return new VwmpError('FENCED', message, { retryable: false });
  }
  const seq = end?.seq ?? 0;
  if (expected_seq === seq) return undefined;
  const message = `The execution "${id}" is at event ${seq}, not ${expected_seq}. Read it again.`;
  return new VwmpError('VERSION_CONFLICT', message, { retryable: false });
}

/** The execution is there. */
function idTaken(id: string): VwmpError {
  const message = `The execution "${id}" is there already. Read it, or choose another id.`;
  return new VwmpError('ALREADY_EXISTS', message, { retryable: false, details: { execution_id: id } });
}

/** Another execution of the workflow has the idempotency key. */
export function keyTaken({ summary }: Pick<Append, 'summary'>, id: string): VwmpError {
  const message =
    `The execution "${id}" of the workflow "${summary.workflow_id}" was created with the same idempotency key. ` +
    'Take it, or choose another key.';
  return new VwmpError('ALREADY_EXISTS', message, { retryable: false, details: { execution_id: id } });
}

/** As many executions as the limit allows have not ended, and this one is not to wait for them. */
export function limitReached({ summary, origin }: Pick<Append, 'summary' | 'origin'>): VwmpError {
  const { key, limit } = origin!.concurrency!;
  const message =
    `The execution "${summary.id}" was not created: ${limit} with the concurrency key "${key}" have not ended. ` +
    'Wait for one of them, or let it queue.';
  return new VwmpError('CONCURRENCY_LIMIT', message, { details: { key, limit } });
}

/**
 * Why nothing can be posted to an execution.
 *
 * @param to - undefined when it is not there
 * @param known - whether this message waits already
 * @returns EXECUTION_NOT_FOUND, EXECUTION_NOT_ACTIVE or INBOX_FULL
 */
export function postRefusal(
  { execution_id }: Pick<Message, 'execution_id'>,
  to: { completed_at: number | null; inbox: number } | undefined,
  known: boolean,
): VwmpError | undefined {
  if (!to) {
    const message = `There is no execution "${execution_id}" (any more), so it was sent nothing.`;
    return new VwmpError('EXECUTION_NOT_FOUND', message, { retryable: false });
  }
  if (to.completed_at !== null) {
    const message = `The execution "${execution_id}" has ended: it takes no message any more.`;
    return new VwmpError('EXECUTION_NOT_ACTIVE', message, { retryable: false });
  }
  if (to.inbox < inboxLimit || known) return undefined;
  const message = `${inboxLimit} messages wait for the execution "${execution_id}". Let it handle some first.`;
  return new VwmpError('INBOX_FULL', message, { details: { execution_id } });
}
