import type { AuditStore, JsonObject } from '@vwmp/core';

/** Notes in the audit log what somebody at a terminal did. */
export async function noteChange(
  audit: AuditStore,
  action: string,
  subject: string,
  details: JsonObject,
): Promise<void> {
  await audit.add({ at: new Date().toISOString(), actor: userName(), action, subject, details });
}

function userName(): string {
  try {
    return `${process.getBuiltinModule('node:os').userInfo().username} (vwmp)`;
  } catch {
    // A user without an entry, in a container say.
    return 'vwmp';
  }
}
