import { type ErrorCode, VwmpError } from '../errors.ts';

/** The error for code that cannot be imported. */
export function notLoaded(code: ErrorCode, what: string, cause: unknown): VwmpError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new VwmpError(code, `${what} could not be loaded: ${reason}`, { cause, retryable: false });
}
