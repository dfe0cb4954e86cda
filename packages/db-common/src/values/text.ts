/** Begins what is not stored as it is. Nobody writes this character: it is the last one that there is, and means nothing. */
const mark = '\u{10ffff}';

/**
 * A text as it is stored. What a database cannot hold (NUL in PostgreSQL, half a character in either) or would be taken for
 * something else is written as JSON behind a mark.
 */
export function toText(value: string): string {
  if (value.isWellFormed() && !value.includes('\0') && !value.startsWith(mark)) return value;
  return mark + JSON.stringify(value);
}

/** The text that {@link toText} was given. */
export function fromText(stored: string): string {
  return stored.startsWith(mark) ? (JSON.parse(stored.slice(mark.length)) as string) : stored;
}
