import type { JsonObject } from '@vwmp/core';
import type { AuditStore } from '@vwmp/core/ports';
import type { Principal } from './authenticate.ts';

/**
 * Notes a change or a decision.
 *
 * @param action - such as `workflow.saved`
 * @param subject - id of what was changed
 * @param details - what is worth knowing later; never a secret or a payload
 */
export type Audit = (
  principal: Principal,
  action: string,
  subject: string,
  details?: JsonObject,
) => Promise<void>;

/**
 * Makes what writes the audit log. The name of the actor is that of the key, and its id is among the details: names may be
 * given twice.
 */
export function createAudit(audit: AuditStore, now: () => number = Date.now): Audit {
  return async ({ id, name }, action, subject, details) => {
    const at = new Date(now()).toISOString();
    const all = { ...details, ...(id !== name && { key: id }) };
    await audit.add({
      at,
      actor: name,
      action,
      subject,
      ...(Object.keys(all).length > 0 && { details: all }),
    });
  };
}
