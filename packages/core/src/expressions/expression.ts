import { BoundedCache } from './cache.ts';
import {
  type CelLibrary,
  type CompiledExpression,
  type ExpressionProblem,
  expressionError,
  type Fail,
} from './compiled.ts';
import { compilePlain } from './plain.ts';
import type { Use } from './scope.ts';
import { normaliseExpression } from './step-outputs.ts';

let cel: CelLibrary | undefined;

// Long ones are not kept, so that the number bounds the memory.
const cache = new BoundedCache<CompiledExpression>(500);
const longestCached = 1_000;

/** Makes the CEL library known, for whoever has imported it anyway. */
export function useCel(library: CelLibrary): CelLibrary {
  cel = library;
  return library;
}

/** Loads the CEL library; {@link compileText} needs it for an expression that is not {@link isPlain plain}. */
export async function loadCel(): Promise<CelLibrary> {
  return cel ?? useCel(await import('./cel.ts'));
}

/** True for the inside of a `${…}` that is compiled without the CEL library. */
export function isPlain(text: string): boolean {
  return cache.get(text) !== undefined || remember(text, compileWith(compilePlain, text)) !== undefined;
}

/** Compiles the inside of one `${…}`; problems are returned. The last 500 are remembered. */
export function compileText(text: string): CompiledExpression {
  return (
    cache.get(text) ??
    remember(text, compileWith(compilePlain, text)) ??
    (remember(text, compileWith(libraryLoaded().compileCel, text)) as CompiledExpression)
  );
}

function libraryLoaded(): CelLibrary {
  if (cel) return cel;
  throw new Error('prepareExpressions() has to be called before an expression is compiled.');
}

function remember<T extends CompiledExpression | undefined>(text: string, compiled: T): T {
  if (compiled && text.length <= longestCached) cache.set(text, compiled);
  return compiled;
}

function compileWith<T extends CompiledExpression | undefined>(
  compile: (text: string, original: string, fail: Fail) => T,
  original: string,
): T {
  const text = normaliseExpression(original);
  const compiled = compile(text, original, expressionError);
  if (text === original || !compiled) return compiled;
  // After an older reference was rewritten, offsets would point into the rewritten text.
  const place = <P extends { readonly offset: number }>(found: P): P => ({ ...found, offset: 0 });
  const { problems, names, steps } = compiled;
  return {
    ...compiled,
    problems: problems.map(place<ExpressionProblem>),
    names: names.map(place<Use>),
    steps: steps.map(place<Use>),
  };
}

/** The problem of an expression that stands where only true or false will do. */
export function notBoolean(compiled: CompiledExpression): ExpressionProblem | undefined {
  const { problems, type } = compiled;
  if (problems.length > 0 || type === undefined || type === 'bool') return undefined;
  return { code: 'EXPRESSION_TYPE', message: `This must be true or false, but it is ${type}.`, offset: 0 };
}
