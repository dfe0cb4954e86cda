import { Environment, EvaluationError } from '@marcbachmann/cel-js';
import type { Duration } from '@marcbachmann/cel-js/evaluator';
import { mendDurations } from './durations.ts';

/** What cel-js evaluates with, as far as it is used here. */
interface Evaluator {
  readonly mapType: unknown;
  debugType(value: unknown): Type;
  debugTypeDeep(value: unknown): Type;
}

/** A type of cel-js. */
export interface Type {
  readonly name: string;
  field(target: unknown, key: unknown, node: unknown, evaluator: unknown): unknown;
}

const options = {
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: { maxDepth: 50, maxAstNodes: 2_000, maxListElements: 2_000, maxMapEntries: 2_000 },
};

/**
 * CEL for JSON, whose numbers are all doubles. analysis.ts makes doubles of literals and of what functions return,
 * so that numbers mix freely and 3 / 2 is 1.5; the rest that this takes is added by {@link prepareFor}.
 */
export const cel: Environment = new Environment(options);

type Definitions = ReturnType<Environment['getDefinitions']>;
type Definition = Definitions['functions'][number];

interface Library extends Definitions {
  /** CEL as it is; nothing may be added to it. An environment that was asked for its definitions adds to what all of them share. */
  readonly plain: Environment;
  readonly constants: ReadonlySet<string>;
  readonly functionNames: ReadonlySet<string>;
  /** What is added for a text in which the key occurs. */
  readonly additions: Map<string, (() => void)[]>;
}

let known: Library | undefined;

/** What CEL brings, listed once somebody needs it: most expressions call nothing, and the list takes 3 ms. */
function library(): Library {
  if (known) return known;
  const plain = new Environment(options);
  const { variables, functions } = plain.getDefinitions();
  const additions = new Map<string, (() => void)[]>();
  known = {
    plain,
    variables,
    functions,
    additions,
    constants: new Set(variables.map(({ name }) => name)),
    functionNames: new Set(functions.map(({ name }) => name)),
  };
  for (const definition of functions) {
    const { name, params } = definition;
    const types = params.map(({ type }) => (type === 'int' ? 'double' : type));
    if (isDefined(functions, definition, types)) continue;
    additions.set(name, [...(additions.get(name) ?? []), () => takeDoubles(plain, definition, types)]);
  }
  additions.set('string', [writeTimes]);
  return known;
}

/** True for a name that stands for something in CEL itself: a type, `cel`, `optional`, `google`. */
export function isConstant(name: string): boolean {
  return library().constants.has(name);
}

/** Names of all functions and methods. */
export function functionNames(): ReadonlySet<string> {
  return library().functionNames;
}

let remainders = false;

/**
 * Adds what an expression needs to have doubles for numbers: `%` works on them, and what wants an int (`substring`,
 * `split`, `timestamp`, …) takes a double that is whole. Adding all at once would take 0.5 MB and 5 ms.
 */
export function prepareFor(text: string): void {
  if (!remainders && text.includes('%')) {
    remainders = true;
    cel.registerOperator('double % double', (left: number, right: number) => left % right);
  }
  if (!text.includes('(')) return;
  const { additions } = library();
  for (const [name, adds] of additions) {
    if (!text.includes(name)) continue;
    additions.delete(name);
    for (const add of adds) add();
  }
}

function isDefined(
  functions: readonly Definition[],
  { name, receiverType }: Definition,
  types: readonly string[],
): boolean {
  return functions.some(
    (other) =>
      other.name === name &&
      other.receiverType === receiverType &&
      other.params.length === types.length &&
      other.params.every(({ type }, index) => type === types[index]),
  );
}

function takeDoubles(
  plain: Environment,
  { name, receiverType, returnType }: Definition,
  types: readonly string[],
): void {
  const values = ['a', 'b', 'c', 'd'].slice(0, types.length);
  const call = plain.parse(receiverType ? `self.${name}(${values})` : `${name}(${values})`);
  const handler = (...given: unknown[]): unknown => {
    const self = receiverType ? given.shift() : undefined;
    const entries = given.map((value, index) => [
      values[index],
      // A fraction stays a double, for which there is no overload.
      Number.isInteger(value) ? BigInt(value as number) : value,
    ]);
    try {
      return call({ self, ...Object.fromEntries(entries) });
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      // Without the node, which is one of this call: cel-js adds the one that the user wrote.
      throw new EvaluationError({ code: error.code, message: error.summary });
    }
  };
  const signature = `${receiverType ? `${receiverType}.` : ''}${name}(${types.join(', ')}): ${returnType}`;
  cel.registerFunction(signature, handler, { async: false });
}

/** Has `string()` write times as they stand in JSON. */
function writeTimes(): void {
  const write = (value: Date | Duration): string =>
    value instanceof Date ? value.toISOString() : `${value}`;
  for (const type of ['Timestamp', 'Duration'])
    cel.registerFunction(`string(google.protobuf.${type}): string`, write, { async: false });
}

const probe = cel.parse('true');
(probe.ast as unknown as { evaluate: (evaluator: Evaluator) => void }).evaluate = mend;
probe();
mendDurations();

/** Mends two things that data must not be able to do; see environment.test.ts. */
function mend(evaluator: Evaluator): void {
  const { debugType } = evaluator;
  evaluator.debugType = (value) => {
    try {
      return debugType.call(evaluator, value);
    } catch (error) {
      // It reads `value.constructor`, and so fails on data with a key of that name.
      if (typeof value === 'object' && value && Object.hasOwn(value, 'constructor'))
        return evaluator.mapType as Type;
      throw error;
    }
  };
  // It makes a type for every shape of data (`list<list<map<…>>>`) and keeps them all for ever.
  evaluator.debugTypeDeep = evaluator.debugType;
}
