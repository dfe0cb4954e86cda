/** How many lines have to go and to come to make one text of another. */
export function changedLines(before: string, after: string): { removed: number; added: number } {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let row = new Array<number>(now.length + 1).fill(0);
  for (const line of old) {
    const next = [0];
    for (let at = 0; at < now.length; at++)
      next.push(line === now[at] ? row[at]! + 1 : Math.max(row[at + 1]!, next[at]!));
    row = next;
  }
  const same = row[now.length]!;
  return { removed: old.length - same, added: now.length - same };
}
