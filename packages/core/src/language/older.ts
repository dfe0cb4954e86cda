const keys: ReadonlyMap<string, string> = new Map([
  ['minLength', 'min_length'],
  ['maxLength', 'max_length'],
]);

/** How older documents spell a key, if they spell it differently. */
export function olderSpelling(key: string): string | undefined {
  return keys.get(key);
}
