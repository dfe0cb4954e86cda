import { distance } from '../values/distance.ts';

/** Longer words are no typing mistakes, and comparing them costs their product. */
const longest = 64;
/** Comparisons that one document may cost: 10,000 wrong names among 10,000 steps would take 15 s otherwise. */
const budget = 200_000;

/** Finds what someone probably meant. One per document, since its cost is bounded as a whole. */
export interface Suggester {
  /** The candidate that is nearest to `word`, or undefined when none is near. */
  nearest(word: string, candidates: Iterable<string>): string | undefined;
}

/** Makes a {@link Suggester}. */
export function createSuggester(): Suggester {
  let left = budget;
  return {
    nearest(word, candidates) {
      if (word.length > longest) return undefined;
      const folded = word.toLowerCase();
      // A third of the letters may be wrong, two in short words: more than that is another word.
      let best = Math.max(2, Math.floor(word.length / 3)) + 1;
      let found: string | undefined;
      for (const candidate of candidates) {
        if (--left < 0) return found;
        if (candidate === word || candidate.length > longest) continue;
        if (Math.abs(candidate.length - word.length) >= best) continue;
        const far = distance(folded, candidate.toLowerCase(), best);
        // "b" is not meant by "a": at least one letter has to be the same.
        if (far >= best || far >= Math.max(word.length, candidate.length)) continue;
        best = far;
        found = candidate;
      }
      return found;
    },
  };
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`;
}
