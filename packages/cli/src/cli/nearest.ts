import { distance } from 'fastest-levenshtein';

/** ` Did you mean "x"?` for the candidate that was probably meant, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  // A third of the letters may be wrong, two in short words: more than that is another word.
  let best = Math.max(2, Math.floor(word.length / 3)) + 1;
  let found: string | undefined;
  for (const candidate of candidates) {
    const far = distance(word.toLowerCase(), candidate.toLowerCase());
    if (far >= best || far >= Math.max(word.length, candidate.length)) continue;
    best = far;
    found = candidate;
  }
  return found === undefined ? '' : ` Did you mean "${found}"?`;
}
