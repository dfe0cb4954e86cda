import type { Figure } from './figure.ts';
import type { Installation } from './measure/package.ts';

/** What a scenario gets. */
export interface Bench {
  /** The core as a user would install it. */
  core: Installation;
  /** Fewer and shorter samples, for trying a change. */
  quick: boolean;
  /** Takes the full number, or the quick one. */
  choose(full: number, quick: number): number;
}

/** One question and how it is answered. */
export interface Scenario {
  name: string;
  title: string;
  /** What its figures are good for, for readers of the report: a sentence or two. */
  about?: string;
  /**
   * Checks that the work is done right before it says how fast it was.
   *
   * @throws Error when a result is wrong
   */
  measure(bench: Bench): Promise<Figure[]>;
}

/** Scenarios that belong together: `npm run bench -- AREA`. */
export interface Area {
  name: string;
  title: string;
  /** What is installed for it, the core first. @defaultValue the core alone */
  packages?: readonly ['core', ...string[]];
  /** Yardsticks from the registry, as npm takes them. */
  registry?: readonly string[];
  scenarios: readonly Scenario[];
}

/** Said by a scenario that cannot be measured yet, and why. */
export class NotMeasured extends Error {
  override name = 'NotMeasured';
}
