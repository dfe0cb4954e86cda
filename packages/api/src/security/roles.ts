import type { KeyRole } from '@vwmp/core/ports';

/**
 * What whoever calls may do. Each role may do what those before it may:
 *
 * - `viewer`: read
 * - `executor`: also start, cancel and retry executions, send signals and decide approvals
 * - `editor`: also change workflows and schedules
 * - `admin`: also queues, the audit log and API keys
 */
export type Role = KeyRole;

/** From the one that may do least. */
export const roles: readonly Role[] = ['viewer', 'executor', 'editor', 'admin'];

/** Whether someone with `role` may do what needs `needed`. */
export function allows(role: Role, needed: Role): boolean {
  const has = roles.indexOf(role);
  return has >= 0 && has >= roles.indexOf(needed);
}

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}
