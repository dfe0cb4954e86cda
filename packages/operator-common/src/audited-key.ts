import type { ExecutionRecord } from '@vwmp/core';

/** An idempotency key with a secret in it, as the history has it. */
export function hiddenKey(key: string): string {
  return `***${process.getBuiltinModule('node:crypto').hash('sha256', key)}`;
}

/**
 * An idempotency key as the audit log has it. Nobody can tell here whether a secret of the execution is in it: where there are some, the
 * hash stands for it that the history then has.
 *
 * @param record - of the execution that got it; undefined where it is gone
 */
export function auditedKey(
  key: string | undefined,
  record: Pick<ExecutionRecord, 'origin'> | undefined,
): string | undefined {
  if (key === undefined || (record && record.origin?.sealed === undefined)) return key;
  return /^\*{3}[\da-f]{64}$/.test(key) ? key : hiddenKey(key);
}
