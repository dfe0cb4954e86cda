/**
 * How many letters have to be changed, added or left out to make one word of the other. A library that is quicker keeps a table of
 * 256 KiB from the moment it is imported.
 *
 * @param limit - the answer is only needed below it: whatever is greater may be told as any number from it up
 */
export function distance(a: string, b: string, limit: number = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) >= limit) return Math.abs(a.length - b.length);
  // By letters of b: what it takes to make that much of b from the beginning of a.
  const row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    let diagonal = i;
    let least = i + 1;
    row[0] = least;
    for (let j = 0; j < b.length; j++) {
      const above = row[j + 1] as number;
      const changed = diagonal + (a.charCodeAt(i) === b.charCodeAt(j) ? 0 : 1);
      const cost = Math.min(changed, above + 1, (row[j] as number) + 1);
      row[j + 1] = cost;
      if (cost < least) least = cost;
      diagonal = above;
    }
    if (least >= limit) return least;
  }
  return row[b.length] as number;
}
