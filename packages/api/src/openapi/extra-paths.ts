import type { Components, Json } from './components.ts';

/** Tags of what is answered elsewhere. */
export const extraTags: readonly string[] = [];

/** What is no operation of its own kind. */
export function extraPaths(_components: Components): Record<string, Record<string, Json>> {
  return {};
}
