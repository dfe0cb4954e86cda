import type { ArtifactResult } from './result.ts';
import { artifactFloor, limit } from './rules.ts';

/** Packed packages of the head beside those of the base. A size has no noise: what is above the limit is worse. */
export function compareArtifacts(
  base: Readonly<Record<string, number>>,
  head: Readonly<Record<string, number>>,
): ArtifactResult[] {
  return Object.entries(head).map(([name, size]) => {
    const before = base[name];
    if (before === undefined) return { name, head: size, verdict: 'new' };
    const isWorse = size > before * limit && size - before > artifactFloor;
    return { name, base: before, head: size, verdict: isWorse ? 'worse' : 'same' };
  });
}
