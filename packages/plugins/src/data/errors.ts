import { VwmpError } from '@vwmp/core';

/** An error of this plugin. It names places, never what stands there. */
export function refuse(code: string, message: string, details?: unknown): VwmpError {
  return new VwmpError(code, message, { retryable: false, ...(details === undefined ? {} : { details }) });
}
