import { VwmpError } from '../../errors.ts';

/**
 * Whether a document may be replaced or removed.
 *
 * @param current - rev of what is stored; undefined when there is nothing
 * @param rev - what the change is based on; undefined when it creates
 * @throws ALREADY_EXISTS, NOT_FOUND, REV_CONFLICT
 */
export function checkRev(id: string, current: string | undefined, rev: string | undefined): void {
  if (rev === current) return;
  if (rev === undefined) {
    const message = `There is a workflow "${id}" already. Save over its rev, or choose another id.`;
    throw new VwmpError('ALREADY_EXISTS', message, { retryable: false });
  }
  if (current === undefined) {
    const message = `There is no workflow "${id}" (any more). Save it without a rev to create it.`;
    throw new VwmpError('NOT_FOUND', message, { retryable: false });
  }
  const message = `The workflow "${id}" was changed in the meantime. Read it again and repeat the change.`;
  throw new VwmpError('REV_CONFLICT', message, { retryable: false, details: { rev: current } });
}
