import { createContext, useContext } from 'react';
import type { Role } from '../backend.ts';

/** From the one that may do least. */
const roles: readonly Role[] = ['viewer', 'executor', 'editor', 'admin'];

/** What whoever looks at the page may do; undefined where that is not known, and nothing is held back. */
export const RoleContext: React.Context<Role | undefined> = createContext<Role | undefined>(undefined);

/** Why what needs a role would be refused; undefined where it would not. */
export function useRefusal(needed: Role | undefined): string | undefined {
  return refusalOf(useContext(RoleContext), needed);
}

/** Why what needs a role would be refused to another one, as the API refuses it. */
export function refusalOf(role: Role | undefined, needed: Role | undefined): string | undefined {
  if (!role || !needed || roles.indexOf(role) >= roles.indexOf(needed)) return undefined;
  return `Your key has the role “${role}”, and “${needed}” is needed.`;
}
