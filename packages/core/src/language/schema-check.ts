import type { JsonSchema } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import { createSuggester } from './nearest.ts';
import { type CompiledSchema, compileSchema } from './schema-compile.ts';
import { explain } from './schema-explain.ts';
import type { Mismatch, MismatchOptions } from './schema-mismatch.ts';
import { surelyMatches } from './schema-quick.ts';
import { type Failed, schemaAt, toTree } from './schema-tree.ts';

/** More than these say nothing new: a list of 300,000 wrong entries would take 4 s. */
const mismatchLimit = 100;
const failureLimit = 20_000;

/** These only pass on what failed below them. */
const passing: ReadonlySet<string> = new Set([
  '$ref',
  '$dynamicRef',
  'allOf',
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'items',
  'prefixItems',
  'unevaluatedItems',
  'dependentSchemas',
  'if',
  'then',
  'else',
]);

/** These look at values further down, so that a template there leaves them undecided. */
const lookingDown: ReadonlySet<string> = new Set([
  'const',
  'enum',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
  'not',
  'oneOf',
  'if',
  'then',
  'else',
]);

/**
 * Checks a value against the schema of a handler.
 *
 * @param path - where the value stands, for the problems: `steps.load.config`
 * @returns one `CONFIG_INVALID` for each place that is wrong, none for the levels around it
 */
export function checkConfig(schema: JsonSchema, value: unknown, path: string): Problem[] {
  return findMismatches(schema, value, { noun: 'The config' }).map((mismatch) => ({
    code: 'CONFIG_INVALID',
    path: [path, ...mismatch.path].join('.'),
    message: mismatch.message,
    ...(mismatch.suggestion === undefined ? {} : { suggestion: mismatch.suggestion }),
  }));
}

/** Every place where `value` does not match, once. */
export function findMismatches(schema: JsonSchema, value: unknown, options: MismatchOptions): Mismatch[] {
  if (surelyMatches(schema, value)) return [];
  let compiled: CompiledSchema;
  let tree: Failed[];
  try {
    compiled = compileSchema(schema);
    tree = toTree(compiled.validate(value).slice(0, failureLimit));
  } catch (error) {
    return [{ path: [], message: `${options.noun} cannot be checked: ${reasonOf(error)}.` }];
  }
  const leaves = tree.flatMap((failed) => reduce(failed, compiled.schema, options));
  const suggester = options.suggester ?? createSuggester();
  const seen = new Set<string>();
  const found: Mismatch[] = [];
  for (const leaf of leaves.slice(0, mismatchLimit)) {
    const mismatch = explain(leaf, compiled.schema, value, { ...options, suggester });
    const key = `${mismatch.path.join('/')} ${mismatch.message}`;
    if (!seen.has(key)) found.push(mismatch);
    seen.add(key);
  }
  if (leaves.length > mismatchLimit) {
    found.push({
      path: [],
      message: `${options.noun} has more places that do not match. Solve these first.`,
    });
  }
  return found;
}

function reasonOf(error: unknown): string {
  // Tens of thousands of failures at once, work without end, or a value far deeper than any schema: one problem is enough.
  if (error instanceof RangeError) return 'it is too large or too deep';
  const reason = error instanceof Error ? error.message.split('\n')[0] : 'it cannot be read';
  return `its schema cannot be applied: ${reason}`;
}

/** The failures that say something by themselves. */
function reduce(failed: Failed, schema: JsonSchema, options: MismatchOptions): Failed[] {
  const { templates } = options;
  if (templates && lookingDown.has(failed.keyword) && templates.below(failed.pointer)) return [];
  if (failed.keyword === 'anyOf' || (failed.keyword === 'oneOf' && failed.error.includes('(0 matches)'))) {
    return reduceChoice(failed, schema, options);
  }
  const refused = failed.below[0]?.keyword === 'false' ? failed.below[0] : undefined;
  if (refused && passing.has(failed.keyword))
    return [{ ...refused, keyword: 'unknown', keywordPath: failed.keywordPath }];
  if (passing.has(failed.keyword)) return failed.below.flatMap((inner) => reduce(inner, schema, options));
  const kind = templates?.at(failed.pointer);
  if (kind === 'whole' || (kind === 'text' && failed.keyword !== 'type')) return [];
  return [failed];
}

function reduceChoice(failed: Failed, schema: JsonSchema, options: MismatchOptions): Failed[] {
  const depth = failed.keywordPath.length;
  const branches = new Map<string, Failed[]>();
  for (const inner of failed.below) {
    const branch = inner.keyword === 'false' ? 'false' : (inner.keywordPath[depth] ?? '');
    const failures = branches.get(branch) ?? [];
    branches.set(branch, failures);
    failures.push(...reduce(inner, schema, options));
  }
  let best: Failed[] | undefined;
  for (const failures of branches.values()) {
    // Nothing is left of it: a template could make it match.
    if (failures.length === 0) return [];
    // A branch of another kind, or with another tag, was not meant.
    if (failures.some((leaf) => isOther(leaf, failed))) continue;
    if (!best || failures.length < best.length) best = failures;
  }
  const tag = best ? undefined : commonTag([...branches.values()], failed, schema);
  if (tag) return [tag];
  const subschemas = schemaAt(schema, failed.keywordPath);
  const only = Array.isArray(subschemas) && subschemas.length === 1 ? [...branches.values()][0] : undefined;
  return best ?? only ?? [failed];
}

/** When every branch asks for another value of the same property, that property is what is wrong. */
function commonTag(branches: readonly Failed[][], choice: Failed, schema: JsonSchema): Failed | undefined {
  const tags = branches.map((failures) =>
    failures.find(({ keyword, at }) => keyword === 'const' && at.length === choice.at.length + 1),
  );
  const [first] = tags;
  if (!first || tags.some((tag) => tag?.pointer !== first.pointer)) return undefined;
  const allowed = tags.map((tag) => schemaAt(schema, tag!.keywordPath.slice(0, -1))?.const);
  return { ...first, keyword: 'tag', allowed };
}

function isOther(leaf: Failed, choice: Failed): boolean {
  const depth = leaf.at.length - choice.at.length;
  if (depth === 0) return leaf.keyword === 'type' || leaf.keyword === 'const' || leaf.keyword === 'enum';
  return depth === 1 && leaf.keyword === 'const';
}
