import type { JsonValue } from '../model/json.ts';
import type { Problem, ProblemCode } from '../model/problem.ts';
import { createSuggester, type Suggester } from './nearest.ts';
import { type Path, type Position, showPath } from './path.ts';
import type { LocateOptions, Source } from './source.ts';

/** What else is known about a problem. */
export interface ProblemExtra extends LocateOptions {
  suggestion?: string;
}

/** Collects the problems of one document. */
export interface Report extends Suggester {
  /** The document, as it is now read. */
  readonly value: JsonValue;
  add(code: ProblemCode, path: Path, message: string, extra?: ProblemExtra): void;
  /** How a message names the step at that position: `Step "load"`. */
  step(index: number): string;
  /** All problems, in the order in which their places stand in the document. */
  problems(): Problem[];
}

interface Entry {
  problem: Problem;
  path: Path;
}

/**
 * Makes a {@link Report}.
 *
 * @param found - what reading the text found already
 * @param limit - more problems than these are only counted
 */
export function createReport(
  value: JsonValue,
  source: Source | undefined,
  found: readonly Problem[],
  limit: number,
): Report {
  const entries: Entry[] = [];
  const said = new Set<string>();
  let count = 0;
  return {
    ...createSuggester(),
    value,
    add(code, path, message, { suggestion, ...where } = {}) {
      // Some are kept beyond the limit, so that those that stand first in the document are shown.
      if (++count > limit * 10) return;
      const position: Position | undefined = source?.locate(path, where);
      const problem: Problem = { code, path: showPath(value, path), ...position, message };
      if (suggestion !== undefined) problem.suggestion = suggestion;
      // Two expressions in one text may both read the wrong step.
      const key = `${code}\n${problem.path}\n${message}`;
      if (said.has(key)) {
        count--;
        return;
      }
      said.add(key);
      entries.push({ problem, path });
    },
    step(index) {
      const [, shown] = showPath(value, ['steps', index]).split('.');
      return `Step "${shown}"`;
    },
    problems() {
      const ranked = [
        ...found.map((problem) => ({ problem, rank: [] as number[] })),
        ...entries.map(({ problem, path }) => ({ problem, rank: source ? [] : rankOf(value, path) })),
      ];
      ranked.sort((a, b) => byPosition(a.problem, b.problem) || byRank(a.rank, b.rank));
      const shown = ranked.slice(0, limit).map(({ problem }) => problem);
      const more = count + found.length - shown.length;
      if (more > 0)
        shown.push({
          code: 'LIMIT',
          path: '',
          message: `There are ${more} more problems. Solve these first.`,
        });
      return shown;
    },
  };
}

function byPosition(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** Positions of keys along a path: without text, the order of the value is the order of the document. */
function rankOf(value: unknown, path: Path): number[] {
  const rank: number[] = [];
  let at = value;
  for (const segment of path) {
    if (typeof at !== 'object' || at === null) break;
    const position = Array.isArray(at) ? Number(segment) : Object.keys(at).indexOf(String(segment));
    rank.push(position);
    at = position < 0 ? undefined : (at as Record<string | number, unknown>)[segment];
  }
  return rank;
}

function byRank(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = a[index]! - b[index]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
