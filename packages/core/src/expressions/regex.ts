import type { RE2JS } from 're2js';
import { BoundedCache } from './cache.ts';
import { charge, Failure } from './work.ts';

/**
 * `matches()` runs on RE2: `RegExp`, which cel-js takes, needs for ever on `(a+)+$` and a few dozen a's. It is a
 * chunk of its own (160 KB, 8 ms to load), because few workflows need it.
 */
let engine: typeof RE2JS | undefined;
const compiled = new BoundedCache<RE2JS>(100);

/** Loads it. Without that, evaluating `matches()` is an EXPRESSION_ERROR. */
export async function loadRegex(): Promise<void> {
  engine ??= (await import('re2js')).RE2JS;
}

/** Whether a pattern matches somewhere in a text, in time linear in both. */
export function matches(text: string, pattern: string): boolean {
  if (!engine) throw new Failure('matches() needs prepareExpressions() to be called before');
  let program = compiled.get(pattern);
  if (!program) {
    charge(1_000 + pattern.length * 100);
    try {
      program = engine.compile(pattern);
    } catch {
      throw new Failure('the pattern of matches() is no regular expression of RE2');
    }
    compiled.set(pattern, program);
  }
  charge((text.length * program.programSize()) >> 3);
  return program.test(text);
}
