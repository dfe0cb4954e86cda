/** Where secrets come from. Whatever is read is replaced by `***` before anything is stored or shown. */
export interface SecretSource {
  /** The secret, or undefined when there is none of this name. Must answer at once: load ahead where needed. */
  get(name: string): string | undefined;
  /** What can be asked for, in any order; missing where that is not known. Whoever writes documents sees these names. */
  names?(): readonly string[];
}
