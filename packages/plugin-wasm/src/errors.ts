import { VwmpError } from '@vwmp/core';

/** An error of this plugin. The same module does the same with the same input, so another attempt does not help. */
export function refuse(
  code: string,
  message: string,
  options: { cause?: unknown; details?: unknown } = {},
): VwmpError {
  return new VwmpError(code, message, { retryable: false, ...options });
}
