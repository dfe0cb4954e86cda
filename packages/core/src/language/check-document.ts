import type { JsonValue } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { Catalog } from './catalog.ts';
import { checkExpressions } from './check-expressions.ts';
import { checkHandlers } from './check-handlers.ts';
import { checkDeclarations } from './check-parameters.ts';
import { checkCircles, checkEdges, checkIds } from './check-steps.ts';
import { type CronFault, checkTriggers } from './check-triggers.ts';
import { findComponents } from './components.ts';
import { documentShape } from './document-shape.ts';
import { createGraph } from './graph.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { didYouMean } from './nearest.ts';
import { normalise } from './normalise.ts';
import type { Note } from './note.ts';
import { isRecord, showPath } from './path.ts';
import { copyPlain } from './plain.ts';
import { createReport, type Report } from './report.ts';
import { checkShape } from './shape-check.ts';
import { isSource, type Source } from './source.ts';

/** What {@link validateWorkflow} found. */
export interface Validation {
  /** Everything that is wrong, in the order of the document. */
  problems: Problem[];
  /** What was normalised. */
  notes: readonly Note[];
  /** The document as it is now read; there when there are no problems. */
  document?: WorkflowDocument;
}

/** What {@link validateWorkflow} may be told. */
export interface ValidateOptions {
  limits?: Partial<Limits>;
  /** It is stored already: only what keeps it from being started is a problem. */
  stored?: boolean;
}

/** A document that was read and is to be checked. */
export interface ReadDocument {
  value: JsonValue | undefined;
  source?: Source;
  problems: readonly Problem[];
  notes: readonly Note[];
}

/** Reads what {@link validateWorkflow} was given: a source as it is, a value as a copy. */
export function readDocument(given: unknown, options: ValidateOptions = {}): ReadDocument {
  if (!isSource(given)) return readValue(given, { ...defaultLimits, ...options.limits });
  const { value, problems, notes } = given;
  return { value, source: given, problems, notes };
}

/**
 * Checks a document that was read, and whose expressions were prepared for.
 *
 * @param cronFault - checks schedules; may be missing for a document without any, see `hasSchedules`
 * @param written - whether this is for whoever writes it: what an execution can well carry out, as it did before somebody found what is
 * wrong with it, is a problem then alone. One that is under way must not stay where it is because of that
 */
export function checkDocument(
  { value, source, problems: found, notes }: ReadDocument,
  catalog: Catalog | undefined,
  cronFault: CronFault | undefined,
  options: ValidateOptions = {},
  written = false,
): Validation {
  const limits: Limits = { ...defaultLimits, ...options.limits };
  if (value === undefined) return { problems: [...found], notes };
  const report = createReport(value, source, found, limits.problems);
  check(value, catalog, cronFault, limits, written, report);
  const problems = report.problems();
  return problems.length > 0
    ? { problems, notes }
    : { problems, notes, document: value as unknown as WorkflowDocument };
}

function readValue(given: unknown, limits: Limits): ReadDocument {
  const copy = copyPlain(given, limits);
  const problems = copy.faults.map(
    ({ code, path, message }): Problem => ({ code, path: showPath(copy.value, path), message }),
  );
  if (copy.value === undefined) return { value: undefined, problems, notes: [] };
  const { value, changes } = normalise(copy.value);
  const notes = changes.map(
    ({ path, message }): Note => ({ code: 'NORMALISED', path: showPath(value, path), message }),
  );
  return { value, problems, notes };
}

function check(
  document: JsonValue,
  catalog: Catalog | undefined,
  cronFault: CronFault | undefined,
  limits: Limits,
  written: boolean,
  report: Report,
): void {
  const steps = isRecord(document) && Array.isArray(document.steps) ? (document.steps as JsonValue[]) : [];
  if (steps.length > limits.steps) {
    report.add(
      'LIMIT',
      ['steps'],
      `The workflow has ${steps.length} steps; at most ${limits.steps} are allowed. Split it into several workflows.`,
    );
    return;
  }
  checkShape(documentShape, document, [], report);
  if (!isRecord(document)) return;
  if (Array.isArray(document.parameters)) checkDeclarations(document.parameters, report);
  if (Array.isArray(document.triggers)) checkTriggers(document.triggers, cronFault, report);
  const graph = createGraph(steps);
  const components = findComponents(graph);
  checkIds(steps, graph, report);
  checkEdges(steps, graph, catalog, written, report);
  checkCircles(graph, components, steps, report);
  if (catalog) {
    checkType(document.type, catalog, report);
    checkHandlers(steps, catalog, written, report);
  }
  checkExpressions(document, graph, components, written, report);
}

function checkType(type: JsonValue | undefined, catalog: Catalog, report: Report): void {
  if (typeof type !== 'string' || type === 'generic') return;
  const types = [...new Set(['generic', ...catalog.types()])];
  if (types.includes(type)) return;
  const suggestion = report.nearest(type, types);
  const hint =
    didYouMean(suggestion) ||
    ` There ${types.length === 1 ? 'is only "generic"' : `are ${types.map((each) => `"${each}"`).join(', ')}`}.`;
  report.add('UNKNOWN_TYPE', ['type'], `No plugin registered the workflow type "${type}".${hint}`, {
    suggestion,
  });
}
