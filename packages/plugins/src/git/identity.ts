import type { Person } from './schemas.ts';

/** Entries of the environment that name who commits; none to leave it to the config of the repository. */
export function identity(person: Person | undefined): Record<string, string> {
  if (person === undefined) return {};
  return {
    GIT_AUTHOR_NAME: person.name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
  };
}
