/** The lines of a text as Markdown counts them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n?|\n/);
}

let known: { readonly text: string; readonly starts: readonly number[] } = { text: '', starts: [0] };

/** Where the lines of a text begin; those of the last text are kept. */
export function lineStarts(text: string): readonly number[] {
  if (known.text === text) return known.starts;
  const starts = [0, ...[...text.matchAll(/\r\n?|\n/g)].map(({ index, 0: end }) => index + end.length)];
  known = { text, starts };
  return starts;
}

/** The line that an offset is in, from 1. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** A line across the page, not the beginning of many lists. */
export function isRule(line: string): boolean {
  return /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/.test(line);
}
