import { type ErrorCode, VwmpError } from '../errors.ts';

/** An error that trying again does not mend. */
export function permanent(code: ErrorCode, message: string, details?: unknown): VwmpError {
  return new VwmpError(code, message, { details, retryable: false });
}
