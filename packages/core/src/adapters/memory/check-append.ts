import { VwmpError } from '../../errors.ts';
import type { Append } from '../../ports/execution-store.ts';

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
    throw new VwmpError('ALREADY_EXISTS', message, { retryable: false });
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
