/** What turns one text into another: one stretch of it, replaced. */
export interface Splice {
  readonly start: number;
  readonly removed: string;
  readonly inserted: string;
}

/** The smallest single stretch in which two texts differ, or undefined when they are the same. */
export function difference(before: string, after: string): Splice | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let same = 0;
  while (
    same < most - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same++;
  return {
    start,
    removed: before.slice(start, before.length - same),
    inserted: after.slice(start, after.length - same),
  };
}

export function applySplice(text: string, { start, removed, inserted }: Splice): string {
  return text.slice(0, start) + inserted + text.slice(start + removed.length);
}

export function invert({ start, removed, inserted }: Splice): Splice {
  return { start, removed: inserted, inserted: removed };
}
