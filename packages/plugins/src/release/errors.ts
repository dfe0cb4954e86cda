import { VwmpError } from '@vwmp/core';

/** An error of this plugin; another attempt does not help. */
export function refuse(code: string, message: string, details?: unknown): VwmpError {
  return new VwmpError(code, message, { retryable: false, ...(details === undefined ? {} : { details }) });
}
