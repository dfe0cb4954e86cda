import { VwmpError } from '../errors.ts';

/** The refusal of a path. Names the path as it was given, never where it would have led. */
export function pathOutside(given: string, reason?: string, cause?: unknown): VwmpError {
  const message = [`The path ${JSON.stringify(given)} is not inside of the workspace.`, reason]
    .filter(Boolean)
    .join(' ');
  return new VwmpError('PATH_OUTSIDE', message, { retryable: false, cause });
}
