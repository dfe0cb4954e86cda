import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './files.ts';

/** The variables that there are: docs/settings.md is made from the code, which a test of it says. */
export function knownSettings(): ReadonlySet<string> {
  const page = readFileSync(join(repository, 'docs/settings.md'), 'utf8');
  return new Set([...page.matchAll(/^\| `(VWMP_\w+)` \|/gm)].map(([, name]) => name!));
}

/** The variables that a text speaks of, but for those whose names end as one likes. */
export function settingsIn(text: string): string[] {
  return [...new Set(text.match(/\bVWMP_(?!SECRET_)[A-Z_]*[A-Z]/g) ?? [])];
}
