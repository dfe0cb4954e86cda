import { Failure, quote } from '../failure.ts';

/** Whether a code point may stand at a place. */
export type CodePointTest = (codePoint: number) => boolean;

/** Place assertions. */
export type Assertion = 'start' | 'end' | 'lineStart' | 'lineEnd' | 'word' | 'notWord';

/** One instruction of a compiled pattern. */
export type Instruction =
  | { readonly op: 'char'; readonly test: CodePointTest }
  | { readonly op: 'assert'; readonly what: Assertion }
  | { readonly op: 'split'; readonly to: number; readonly or: number }
  | { readonly op: 'match' };

/** A parsed pattern. */
export type Tree =
  | { readonly op: 'char'; readonly test: CodePointTest }
  | { readonly op: 'assert'; readonly what: Assertion }
  | { readonly op: 'all' | 'any'; readonly of: readonly Tree[] }
  | { readonly op: 'repeat'; readonly of: Tree; readonly min: number; readonly max: number };

/** Most instructions of a pattern: bounds both its memory and the work per character. */
const MAX_INSTRUCTIONS = 2_000;

/** Unfolds a pattern into instructions; `x{3}` becomes three of x. */
export function assemble(tree: Tree, pattern: string): readonly Instruction[] {
  const program: Instruction[] = [];
  const add = (instruction: Instruction): number => {
    if (program.length >= MAX_INSTRUCTIONS)
      throw new Failure(`the regular expression ${quote(pattern)} is too large`);
    return program.push(instruction) - 1;
  };
  // Forward jumps are not known yet when a split is added: it is replaced once they are.
  const split = (at: number, to: number, or: number): void => {
    program[at] = { op: 'split', to, or };
  };
  const hole = (): number => add({ op: 'split', to: 0, or: 0 });

  const emit = (node: Tree): void => {
    switch (node.op) {
      case 'all':
        for (const child of node.of) emit(child);
        return;
      case 'any':
        return emitAny(node.of);
      case 'repeat':
        return emitRepeat(node.of, node.min, node.max);
      default:
        add(node);
    }
  };
  const emitAny = (options: readonly Tree[]): void => {
    const jumps: number[] = [];
    options.forEach((option, index) => {
      const last = index === options.length - 1;
      const fork = last ? -1 : hole();
      emit(option);
      if (last) return;
      jumps.push(hole());
      split(fork, fork + 1, program.length);
    });
    for (const jump of jumps) split(jump, program.length, program.length);
  };
  const emitRepeat = (node: Tree, min: number, max: number): void => {
    for (let count = 0; count < min; count++) {
      const before = program.length;
      emit(node);
      // Repeating nothing is nothing, and "(((){1000}){1000}){1000}" would take for ever to unfold.
      if (program.length === before) return;
    }
    if (max === Number.POSITIVE_INFINITY) {
      const fork = hole();
      emit(node);
      const jump = hole();
      split(jump, fork, fork);
      split(fork, fork + 1, program.length);
      return;
    }
    const forks: number[] = [];
    for (let count = min; count < max; count++) {
      forks.push(hole());
      emit(node);
    }
    for (const fork of forks) split(fork, fork + 1, program.length);
  };

  emit(tree);
  add({ op: 'match' });
  return program;
}
