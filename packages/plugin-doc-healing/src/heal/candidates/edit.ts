/**
 * Notes the text in which what stands from `start` to `end` is replaced.
 *
 * @param cost - what it costs to believe in it; the least likely cost most
 * @param what - was wrong
 */
export type Add = (start: number, end: number, put: string, cost: number, what: string) => void;

/** The line that a place is in, without its end. */
export function lineAround(text: string, at: number): { start: number; end: number } {
  const end = text.indexOf('\n', at);
  return { start: text.lastIndexOf('\n', at - 1) + 1, end: end < 0 ? text.length : end };
}

/** Where words and marks of a part of a text begin and end. */
export function boundaries(text: string, start: number, end: number): number[] {
  const places: number[] = [];
  for (let at = start; at <= end && places.length < 200; at++) {
    const [before, after] = [text[at - 1] ?? '\n', text[at] ?? '\n'];
    if (/\w/.test(before) !== /\w/.test(after) || !/[\w\s]/.test(before) || !/[\w\s]/.test(after))
      places.push(at);
  }
  return places;
}
