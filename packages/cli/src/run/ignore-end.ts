import { hasCode } from '../cli/has-code.ts';

/** Lets pass only that an execution ended by itself at the moment at which it was to be cancelled. */
export function ignoreEnd(error: unknown): void {
  if (!hasCode(error, 'EXECUTION_NOT_FOUND') && !hasCode(error, 'EXECUTION_NOT_ACTIVE')) throw error;
}
