import { Environment, EvaluationError } from '@marcbachmann/cel-js';

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

/** CEL as it is. */
const plain = new Environment(options);

/**
 * CEL for JSON, whose numbers are all doubles. analysis.ts makes doubles of literals and of what functions return,
 * so that numbers mix freely and 3 / 2 is 1.5; here is the rest that this takes: what wants an int (`substring`,
 * `split`, `timestamp`, …) takes a double that is whole, and `%` works on doubles.
 */
export const cel: Environment = new Environment(options);

const definitions = plain.getDefinitions();
for (const { name, receiverType, params, returnType } of definitions.functions) {
  const types = params.map(({ type }) => (type === 'int' ? 'double' : type));
  const known = definitions.functions.some(
    (other) =>
      other.name === name &&
      other.receiverType === receiverType &&
      other.params.length === types.length &&
      other.params.every(({ type }, index) => type === types[index]),
  );
  if (known) continue;
  const values = ['a', 'b', 'c', 'd'].slice(0, params.length);
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

let evaluator: Evaluator | undefined;
cel.registerOperator('double % double', (left: number, right: number, ...others: unknown[]) => {
  evaluator ??= others[1] as Evaluator;
  return left % right;
});
cel.evaluate('1.0 % 1.0');
if (evaluator) mend(evaluator);

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

/** Names that stand for something in CEL itself: types, `cel`, `optional`, `google`. */
export const constants: ReadonlySet<string> = new Set(definitions.variables.map(({ name }) => name));

/** Names of all functions and methods. */
export const functionNames: ReadonlySet<string> = new Set(definitions.functions.map(({ name }) => name));
