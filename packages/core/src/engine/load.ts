import { VwmpError } from '../errors.ts';
import { hasTemplate } from '../expressions/detect.ts';
import type { Template } from '../expressions/index.ts';
import type { Validation } from '../language/check-document.ts';
import { documentDefaults, documentId } from '../language/identity.ts';
import { compileDefinition } from '../machine/index.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import type { ConfigObject, Step, WorkflowDocument } from '../model/workflow.ts';
import type { PluginRegistry, RegisteredHandler } from '../plugin/registry.ts';
import { toJson } from '../values/index.ts';
import type { PreparedCall, PreparedStep, Workflow } from './workflow.ts';

type FirstUse = typeof import('../language/first-use.ts');
type Compiler = Pick<FirstUse, 'compileTemplate' | 'compileExpression'>;
type Configs = Pick<FirstUse, 'checkConfig' | 'fillDefaults'>;

/**
 * Reads, checks and compiles a workflow. What that takes is loaded here, on first use, and the parser, the CEL library
 * and the one for schedules only for what needs them: nobody pays for what is not used.
 *
 * @param written - as for `checkDocument`: false for one that was accepted before
 * @throws DOCUMENT_INVALID with every problem in `details`
 */
export async function loadWorkflow(
  source: string | WorkflowDocument,
  registry: PluginRegistry,
  written = true,
): Promise<Workflow> {
  // One after the other: what is loaded later imports what is loaded first.
  const firstUse = await import('../language/first-use.ts');
  const { checkConfig, checkDocument, hasSchedules, prepareExpressions, readDocument } = firstUse;
  const configs: Configs = { checkConfig, fillDefaults: firstUse.fillDefaults };
  const given =
    typeof source === 'string' ? (await import('../language/parse.ts')).parseDocument(source) : source;
  const read = readDocument(given);
  await prepareExpressions(read.value ?? null);
  const cron = hasSchedules(read.value) ? await import('../language/cron.ts') : undefined;
  const validation = checkDocument(read, registry, cron?.cronFault, undefined, written);
  const document = toJson(validDocument(validation)) as unknown as WorkflowDocument;
  await prepareExpressions(filledIn(document, registry, configs));
  const secretNames = new Set<string>();
  const noting = <T extends Template>(template: T): T => {
    for (const name of template.references.secrets) secretNames.add(name);
    return template;
  };
  const compiler: Compiler = {
    compileTemplate: (value) => noting(firstUse.compileTemplate(value)),
    compileExpression: (text) => noting(firstUse.compileExpression(text)),
  };
  return {
    id: documentId(document),
    name: document.name,
    version: document.version ?? documentDefaults.version,
    document,
    notes: validation.notes,
    definition: compileDefinition(document),
    steps: document.steps.map((step) => prepareStep(step, registry, compiler, configs)),
    output: document.output === undefined ? undefined : compiler.compileTemplate(document.output),
    secretNames: [...secretNames],
  };
}

/** The configs that defaults of handlers were filled into: these may hold expressions, too. */
function filledIn(
  { steps }: WorkflowDocument,
  registry: PluginRegistry,
  { fillDefaults }: Configs,
): JsonValue[] {
  const calls = steps.flatMap((step) => (step.compensate ? [step, step.compensate] : [step]));
  return calls.flatMap(({ handler, config = {} }) => {
    const filled = fillDefaults(registry.handler(handler)!.config, config as JsonObject);
    return filled === config ? [] : [filled];
  });
}

function validDocument({ document, problems }: Validation): WorkflowDocument {
  if (document) return document;
  throw invalidDocument(problems);
}

/** The error for a document with problems; its message holds the first few. */
function invalidDocument(problems: readonly Problem[]): VwmpError {
  const shown = problems.slice(0, 5).map(({ line, column, path, message }) => {
    const at = line === undefined ? '' : `${line}:${column ?? 1}`;
    // What is wrong with the document as a whole has no path.
    const place = [at, path].filter((part) => part !== '').join(' ');
    return `\n  ${place === '' ? '' : `${place}: `}${message}`;
  });
  const more = problems.length > 5 ? `\n  … and ${problems.length - 5} more` : '';
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return new VwmpError('DOCUMENT_INVALID', `The workflow has ${count}:${shown.join('')}${more}`, {
    details: problems,
    retryable: false,
  });
}

function prepareStep(
  step: Step,
  registry: PluginRegistry,
  compiler: Compiler,
  configs: Configs,
): PreparedStep {
  const prepare = (path: string, config: ConfigObject = {}): PreparedCall =>
    prepareCall(registry.handler(path)!, config, compiler, configs);
  return {
    step,
    ...prepare(step.handler, step.config),
    when: typeof step.when === 'string' ? compiler.compileExpression(step.when) : step.when,
    foreach: typeof step.foreach === 'string' ? compiler.compileExpression(step.foreach) : step.foreach,
    until: step.repeat && compiler.compileExpression(step.repeat.until),
    compensate: step.compensate && prepare(step.compensate.handler, step.compensate.config),
  };
}

function prepareCall(
  handler: RegisteredHandler,
  given: ConfigObject,
  compiler: Compiler,
  { checkConfig, fillDefaults }: Configs,
): PreparedCall {
  // The validator has found that it is JSON. What an expression gives is not looked into for missing properties.
  const config = fillDefaults(handler.config, given as JsonObject) as JsonObject;
  if (!hasTemplate(config)) return { handler, constant: config };
  const checkFilled = acceptsAnything(handler.config, config)
    ? undefined
    : (filled: JsonObject) => checkConfig(handler.config, filled, 'config');
  return { handler, template: compiler.compileTemplate(config), check: checkFilled };
}

/**
 * True when whatever the templates give will match: they stand only below properties whose schema allows everything, and the rest was
 * checked with the document. Spares the validator (1 to 3 µs) for every call of handlers like `core.set`.
 */
function acceptsAnything(schema: RegisteredHandler['config'], config: JsonObject): boolean {
  if (typeof schema !== 'object' || schema.properties === undefined) return false;
  if (combining.some((keyword) => keyword in schema)) return false;
  const properties = schema.properties as Readonly<Record<string, object | boolean>>;
  return Object.entries(config).every(([key, value]) => {
    if (!hasTemplate(value)) return true;
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    return (
      property === true ||
      (typeof property === 'object' && Object.keys(property).every((keyword) => annotations.has(keyword)))
    );
  });
}

const combining = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'dependentSchemas', '$ref', 'patternProperties'];
const annotations: ReadonlySet<string> = new Set(['title', 'description', 'default', 'examples']);
