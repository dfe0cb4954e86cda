import measure from 'fast-string-truncated-width';

/** Columns that a text takes, without its colours; wide characters take two. */
export function width(text: string): number {
  return measure(text).width;
}

/** The text cut to so many columns, with `…` in place of what was cut. Colours stay closed. */
export function truncate(text: string, columns: number): string {
  const { index, truncated, ellipsed } = measure(text, { limit: columns, ellipsis: '…' });
  return truncated
    ? `${text.slice(0, index)}${ellipsed ? '…' : ''}${text.includes('\u001B[') ? '\u001B[0m' : ''}`
    : text;
}

/** The text with spaces after it, up to so many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}
