import type { Suggester } from './nearest.ts';
import type { Path } from './path.ts';
import type { TemplateKinds } from './templates.ts';

/** One place where a value does not match a schema. */
export interface Mismatch {
  /** Relative to the value. */
  path: Path;
  message: string;
  suggestion?: string;
  /** It is about the key and not its value. */
  key?: boolean;
}

/** How mismatches are found and told. */
export interface MismatchOptions {
  /** What the whole value is called: `The config`. */
  noun: string;
  /** Whether messages may show what was given; false where it could be a secret. @defaultValue false */
  show?: boolean;
  /** Templates that are not filled in yet: nothing is said about what depends on them. */
  templates?: TemplateKinds;
  suggester?: Suggester;
}
