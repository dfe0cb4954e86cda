import { type PatternNode, PatternRefused, type Place, parsePattern } from './pattern-parse.ts';

/** A regular expression that is ready to be applied. */
export interface Pattern {
  /**
   * Whether it matches somewhere in a text. Takes at most as many steps as the text has characters times the pattern has parts.
   *
   * @param charge - is told of the steps as they are taken, and may throw
   */
  test(text: string, charge?: (steps: number) => void): boolean;
}

/** `{1000}` inside of `{1000}` would be a million. */
const sizeLimit = 20_000;
/** So many steps are told at once. */
const batch = 1024;

interface Fork {
  readonly kind: 'fork';
  /** Goes on at each of these. */
  readonly to: number[];
}

type Instruction =
  | { readonly kind: 'take'; takes(character: string): boolean }
  | { readonly kind: 'place'; readonly place: Place }
  | Fork
  | { readonly kind: 'end' };

/**
 * Prepares a regular expression of ECMAScript (flag `u`) for texts of any origin: `RegExp` goes back and tries again, for ever on
 * `(a+)+$` and a few dozen a's. This one walks once through the text with all the places of the pattern that it could be at
 * (Thompson's construction), for which look-around and references back have no place. What a single character may be is still
 * asked of `RegExp`, so that both agree on it. RE2 would do as well but knows other classes, takes 160 KB and has to be waited for.
 *
 * @throws PatternRefused with what is wrong
 */
export function compilePattern(source: string): Pattern {
  const program = assemble(parsePattern(source));
  return { test: (text, charge) => run(program, text, charge) };
}

/** Why a pattern cannot be used, in words that follow "the pattern"; undefined when it can. */
export function refusalOf(source: string): string | undefined {
  try {
    compilePattern(source);
    return undefined;
  } catch (error) {
    if (error instanceof PatternRefused) return error.message;
    throw error;
  }
}

function assemble(root: PatternNode): Instruction[] {
  const program: Instruction[] = [];
  const takers = new Map<string, (character: string) => boolean>();

  const add = (instruction: Instruction): void => {
    if (program.length >= sizeLimit)
      throw new PatternRefused('is too large: its counted repetitions multiply to more than 20,000 parts');
    program.push(instruction);
  };
  const fork = (...to: number[]): Fork => {
    const added: Fork = { kind: 'fork', to };
    add(added);
    return added;
  };

  const write = (node: PatternNode): void => {
    switch (node.kind) {
      case 'character': {
        const takes = takers.get(node.source) ?? takerOf(node);
        takers.set(node.source, takes);
        add({ kind: 'take', takes });
        return;
      }
      case 'place':
        add(node);
        return;
      case 'sequence':
        node.parts.forEach(write);
        return;
      case 'choice': {
        const start = fork();
        const ends = node.parts.map((part) => {
          start.to.push(program.length);
          write(part);
          return fork();
        });
        for (const end of ends) end.to.push(program.length);
        return;
      }
      case 'repeat':
        writeRepeat(node);
    }
  };

  const writeRepeat = ({ part, least, most }: PatternNode & { kind: 'repeat' }): void => {
    for (let n = 0; n < least; n++) {
      const before = program.length;
      write(part);
      // Nothing a billion times is nothing.
      if (program.length === before) return;
    }
    if (most === Number.POSITIVE_INFINITY) {
      const start = program.length;
      const again = fork(start + 1);
      write(part);
      fork(start);
      again.to.push(program.length);
      return;
    }
    const leaves: Fork[] = [];
    for (let n = least; n < most; n++) {
      leaves.push(fork(program.length + 1));
      const before = program.length;
      write(part);
      if (program.length === before) break;
    }
    for (const leave of leaves) leave.to.push(program.length);
  };

  write(root);
  add({ kind: 'end' });
  return program;
}

function takerOf({ literal, source }: { literal?: string; source: string }): (character: string) => boolean {
  if (literal !== undefined) return (character) => character === literal;
  const native = new RegExp(`^${source}$`, 'u');
  // 1 yes, 2 no: asking costs 20 times as much as looking up.
  const known = new Uint8Array(128);
  return (character) => {
    const code = character.charCodeAt(0);
    if (code > 127) return native.test(character);
    known[code] ||= native.test(character) ? 1 : 2;
    return known[code] === 1;
  };
}

function run(program: readonly Instruction[], text: string, charge?: (steps: number) => void): boolean {
  /** The last position at which an instruction was reached, so that none is followed twice. */
  const reached = new Int32Array(program.length).fill(-1);
  const pending: number[] = [];
  let places: number[] = [];
  let next: number[] = [];
  let steps = program.length >> 3;
  let position = 0;
  let before = '';

  /** Goes to an instruction and from there to all that need no character; true at the end of the pattern. */
  const reach = (start: number, into: number[], now: number, left: string, right: string): boolean => {
    pending.push(start);
    while (pending.length > 0) {
      const index = pending.pop()!;
      if (reached[index] === now) continue;
      reached[index] = now;
      if (++steps >= batch) {
        charge?.(steps);
        steps = 0;
      }
      const instruction = program[index]!;
      if (instruction.kind === 'end') return true;
      if (instruction.kind === 'take') into.push(index);
      else if (instruction.kind === 'fork') for (const to of instruction.to) pending.push(to);
      else if (holds(instruction.place, left, right)) pending.push(index + 1);
    }
    return false;
  };

  // One more round than there are characters: the place after the last one counts, too.
  const characters = text[Symbol.iterator]();
  let current = characters.next();
  let arrived: number[] = [];
  for (;;) {
    const right = current.done ? '' : current.value;
    for (const index of arrived) if (reach(index, places, position, before, right)) return finish(true);
    if (reach(0, places, position, before, right)) return finish(true);
    if (current.done) return finish(false);
    for (const index of places) {
      const instruction = program[index]!;
      if (instruction.kind === 'take' && instruction.takes(right)) next.push(index + 1);
    }
    arrived = next;
    next = [];
    places = [];
    before = right;
    position++;
    current = characters.next();
  }

  function finish(found: boolean): boolean {
    charge?.(steps);
    return found;
  }
}

function holds(place: Place, before: string, after: string): boolean {
  if (place === '^') return before === '';
  if (place === '$') return after === '';
  return (isWord(before) !== isWord(after)) === (place === '\\b');
}

function isWord(character: string): boolean {
  return /^[A-Za-z0-9_]$/.test(character);
}
