import type { AuditStore, JsonObject } from '@vwmp/core';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';

/**
 * Notes in the audit log what somebody at a terminal did. Who that is, is the user of the operating system: whoever can write to
 * the store is known by no key. It is done by then: what cannot be noted is told beside it, or it would be done again.
 *
 * @param action - as the API calls it, such as `workflow.saved`
 * @param details - what is worth knowing later; what is undefined is left out. Never a secret or a payload
 */
export async function noteChange(
  audit: AuditStore,
  terminal: Terminal,
  action: string,
  subject: string,
  details: Record<string, JsonObject[string] | undefined> = {},
): Promise<void> {
  const given = Object.entries(details).filter(([, value]) => value !== undefined);
  try {
    await audit.add({
      ...{ at: new Date().toISOString(), actor: actor(), action, subject },
      ...(given.length > 0 && { details: Object.fromEntries(given) as JsonObject }),
    });
  } catch (error) {
    tellUnnoted(error, terminal);
  }
}

/** That what was done is not in the audit log. */
export function tellUnnoted(error: unknown, { err, symbols }: Terminal): void {
  const text = `It is done, and the audit log does not have it: ${safe((error as Error).message, true)}`;
  err.line(`${err.style.yellow(symbols.warning)} ${text}`);
}

function actor(): string {
  const user = userName();
  return user === undefined ? 'vwmp' : `${user} (vwmp)`;
}

/** @returns undefined for a user without an entry, in a container say */
export function userName(): string | undefined {
  try {
    return process.getBuiltinModule('node:os').userInfo().username;
  } catch {
    return undefined;
  }
}
