import { quantile } from '../measure/statistics.ts';

/** A quantile of one side against the same quantile of the other. */
export function quantileRatio(base: readonly number[], head: readonly number[], q: number): number {
  return quantile(head.toSorted(ascending), q) / quantile(base.toSorted(ascending), q);
}

/**
 * Whether it is rarer than `alpha` that two equal trees differ at least so much: what was measured in one round is
 * given to the two sides by chance, again and again, and it is counted how often the head's quantile comes out at least as
 * high. Taken in turns, either sample of a round could have been that of the other side, and so this paired permutation
 * test is exact for any statistic, any noise and any number of rounds (Phipson and Smyth: Permutation P-values Should
 * Never Be Zero, 2010, for the 1 that is counted beforehand).
 *
 * @param base - as many as `head`, round by round
 * @param q - from 0 to 1
 */
export function isRarer(base: readonly number[], head: readonly number[], q: number, alpha: number): boolean {
  return chanceOf(base, head, q, Math.ceil(4 / alpha), alpha) < alpha;
}

/**
 * The share of permutations, the observed one among them, in which the head comes out at least as high.
 *
 * @param enough - counting ends when the share is above it for certain
 */
export function chanceOf(
  base: readonly number[],
  head: readonly number[],
  q: number,
  permutations: number,
  enough = 1,
): number {
  const least = quantileRatio(base, head, q) * (1 - 1e-9);
  const random = xorshift(base.length);
  const fromBelow = q <= 0.5;
  const sorted = [...base, ...head]
    .map((value, i) => ({ value, round: i % base.length, side: i < base.length ? 0 : 1 }))
    .sort((a, b) => (fromBelow ? a.value - b.value : b.value - a.value));
  // The same place between two samples as in `quantile`, counted from the nearer end.
  const place = (base.length - 1) * (fromBelow ? q : 1 - q);
  const swaps = new Uint16Array(Math.ceil(base.length / 16));
  let atLeast = 1;
  for (let i = 1; i < permutations && atLeast <= enough * permutations; i++) {
    for (let word = 0; word < swaps.length; word++) swaps[word] = random();
    if (ratioOf(sorted, swaps, place) >= least) atLeast++;
  }
  return atLeast / permutations;
}

interface Entry {
  value: number;
  round: number;
  side: number;
}

/**
 * Goes through all samples in their order until the place was passed on both sides.
 *
 * @param swaps - a bit for each round
 */
function ratioOf(sorted: readonly Entry[], swaps: Uint16Array, place: number): number {
  const near = Math.floor(place);
  const share = place - near;
  const far = share === 0 ? near : near + 1;
  const seen = [0, 0];
  const found = [0, 0];
  let open = 2;
  for (const { value, round, side: own } of sorted) {
    const side = own ^ ((swaps[round >> 4]! >> (round & 15)) & 1);
    const at = seen[side]!++;
    if (at === near) found[side] = value;
    if (at !== far) continue;
    found[side] = found[side]! + (value - found[side]!) * share;
    if (--open === 0) break;
  }
  return found[1]! / found[0]!;
}

/** The same numbers every time, so that a verdict can be repeated from its samples (Marsaglia: Xorshift RNGs, 2003). */
function xorshift(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 8;
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}
