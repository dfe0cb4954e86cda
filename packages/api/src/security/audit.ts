import type { JsonObject } from '@vwmp/core';
import type { AuditStore, Logger } from '@vwmp/core/ports';
import { consoleLogger } from '../app/console-logger.ts';
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
 * given twice. What it notes is done by then: what cannot be noted is told to the log instead, as an answer that says that something
 * went wrong would have it done again.
 *
 * @param logger - @defaultValue the console
 */
export function createAudit(
  audit: AuditStore,
  logger: Logger = consoleLogger,
  now: () => number = Date.now,
): Audit {
  return async ({ id, name }, action, subject, details) => {
    const all = { ...details, ...(id !== name && { key: id }) };
    const record = {
      at: new Date(now()).toISOString(),
      actor: name,
      action,
      subject,
      ...(Object.keys(all).length > 0 && { details: all }),
    };
    try {
      await audit.add(record);
    } catch (error) {
      const { message } = error as Error;
      logger.log('error', 'It is done, and the audit log does not have it.', { ...record, error: message });
    }
  };
}
