import { distance } from 'fastest-levenshtein';

/** How alike two names are: 1 for the same, 0 for nothing in common. */
export function nameLikeness(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 || longest > 500
    ? Number(a === b)
    : 1 - distance(a.toLowerCase(), b.toLowerCase()) / longest;
}

/** How much of two texts is the same words, however often each. */
export function textLikeness(a: string, b: string): number {
  if (a === b) return 1;
  const words = (text: string): string[] => text.slice(0, 100_000).match(/[\w$]+|[^\s\w$]/g) ?? [];
  const [left, right] = [words(a), words(b)];
  if (left.length + right.length === 0) return 0;
  const counts = new Map<string, number>();
  for (const word of left) counts.set(word, (counts.get(word) ?? 0) + 1);
  let same = 0;
  for (const word of right) {
    const count = counts.get(word) ?? 0;
    if (count > 0) same++;
    counts.set(word, count - 1);
  }
  return (2 * same) / (left.length + right.length);
}
