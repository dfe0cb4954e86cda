import { BoundedCache } from '../cache.ts';
import { charge, type Frame } from '../limits.ts';
import { compilePattern } from './parse.ts';
import type { Assertion, Instruction } from './program.ts';

const compiled = new BoundedCache<readonly Instruction[]>(100);

/**
 * Whether a pattern matches somewhere in a text, in time linear in both: all the states that a
 * backtracking matcher would try one after the other are stepped together (Thompson's construction).
 *
 * `RegExp` takes for ever on `(a+)+$` and a few dozen a's. re2js 2 would answer too, but it is 151 KB
 * minified (8.4 ms and 2.8 MB to load, so it would have to be loaded asynchronously); these files are
 * 5 KB, need no loading of their own, and say all that is asked here: yes or no. A text of 1 MB takes
 * 0.15 s for `^a.*b$`.
 */
export function matches(frame: Frame, text: string, pattern: string): boolean {
  let program = compiled.get(pattern);
  if (!program) {
    charge(frame, 1_000 + pattern.length * 10);
    program = compilePattern(pattern);
    compiled.set(pattern, program);
  }
  return run(frame, program, text);
}

function run(frame: Frame, program: readonly Instruction[], text: string): boolean {
  // The step in which a state was last reached keeps each from being followed twice.
  const reached = new Int32Array(program.length).fill(-1);
  charge(frame, program.length);
  const pending: number[] = [];
  let states: number[] = [];
  let next: number[] = [];

  /** Follows splits and assertions from a state; true when that reaches the end of the pattern. */
  const follow = (from: number, at: number, into: number[]): boolean => {
    pending.push(from);
    for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
      if (reached[state] === at) continue;
      reached[state] = at;
      frame.left--;
      const instruction = program[state] as Instruction;
      if (instruction.op === 'match') return true;
      if (instruction.op === 'char') into.push(state);
      else if (instruction.op === 'split') pending.push(instruction.or, instruction.to);
      else if (holds(instruction.what, text, at)) pending.push(state + 1);
    }
    return false;
  };

  for (let at = 0; ; ) {
    if (follow(0, at, states)) return true;
    if (at >= text.length) return false;
    charge(frame, 1 + states.length);
    const codePoint = text.codePointAt(at) as number;
    at += codePoint > 0xffff ? 2 : 1;
    for (const state of states) {
      const instruction = program[state] as Instruction & { op: 'char' };
      if (instruction.test(codePoint) && follow(state + 1, at, next)) return true;
    }
    [states, next] = [next, states];
    next.length = 0;
  }
}

function holds(what: Assertion, text: string, at: number): boolean {
  switch (what) {
    case 'start':
      return at === 0;
    case 'end':
      return at === text.length;
    case 'lineStart':
      return at === 0 || text[at - 1] === '\n';
    case 'lineEnd':
      return at === text.length || text[at] === '\n';
    default:
      return (isWord(text.charCodeAt(at - 1)) !== isWord(text.charCodeAt(at))) === (what === 'word');
  }
}

function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122)
  );
}
