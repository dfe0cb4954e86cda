import { refuse } from './errors.ts';

/** `{a,b}{c,d}{e,f}…` doubles with each pair, so there is an end to it. */
const maxAlternatives = 1_000;

/**
 * All patterns that one with `{a,b}` stands for. Braces without a comma, or without their counterpart, stand for themselves.
 *
 * @throws FILE_PATTERN_INVALID when there are too many
 */
export function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const group = findGroup(next);
    if (group === undefined) done.push(next);
    else {
      const { start, end, parts } = group;
      // Put back to front, so that they come out in the order in which they were written.
      for (const part of parts.reverse()) open.push(next.slice(0, start) + part + next.slice(end + 1));
    }
    if (done.length + open.length > maxAlternatives) {
      throw refuse('FILE_PATTERN_INVALID', pattern, `stands for more than ${maxAlternatives} patterns`);
    }
  }
  return done;
}

interface Group {
  readonly start: number;
  readonly end: number;
  readonly parts: string[];
}

/** The first pair of braces with a comma directly within. */
function findGroup(pattern: string): Group | undefined {
  for (let start = 0; start < pattern.length; start++) {
    if (pattern[start] === '\\') start++;
    else if (pattern[start] === '{') {
      const group = readGroup(pattern, start);
      if (group !== undefined) return group;
    }
  }
  return undefined;
}

function readGroup(pattern: string, start: number): Group | undefined {
  const parts: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let i = start; i < pattern.length; i++) {
    const character = pattern[i];
    if (character === '\\') i++;
    else if (character === '{') depth++;
    else if (character === ',' && depth === 1) {
      parts.push(pattern.slice(from, i));
      from = i + 1;
    } else if (character === '}' && --depth === 0) {
      if (parts.length === 0) return undefined;
      parts.push(pattern.slice(from, i));
      return { start, end: i, parts };
    }
  }
  return undefined;
}
