import { hasTemplate } from '../expressions/detect.ts';
import { checkExpression, checkTemplate, type TemplateCheck } from '../expressions/index.ts';
import type { JsonValue } from '../model/json.ts';
import type { ProblemCode } from '../model/problem.ts';
import type { Components } from './components.ts';
import type { Graph } from './graph.ts';
import { didYouMean } from './nearest.ts';
import { isRecord, type Path } from './path.ts';
import type { Report } from './report.ts';
import { findSideways, type Read } from './upstream.ts';

/** In scope wherever an execution runs. */
const always = ['config', 'parameters', 'execution', 'trigger', 'secrets', 'env'];
const inStep: readonly string[] = [...always, 'steps'];
const inForeach: readonly string[] = [...inStep, 'item', 'index'];
const inRepeat: readonly string[] = [...inStep, 'index'];
const inUntil: readonly string[] = [...inRepeat, 'output'];
/** Before any step: the key is stored in the clear, so no secret may be part of it. */
const inKey: readonly string[] = ['config', 'parameters', 'execution', 'trigger', 'env'];
/** Before there is an execution. */
const inTrigger: readonly string[] = ['config', 'trigger', 'secrets', 'env'];

interface StepRead extends Read {
  path: Path;
  offset: number;
}

/** Who reads: a step, its compensation (which may read the step itself), or the output of the workflow. */
interface Reader {
  position?: number;
  self?: boolean;
}

/** Reports what is wrong with the expressions of a document, and what they read that they cannot. */
export function checkExpressions(
  document: Record<string, JsonValue>,
  graph: Graph,
  components: Components,
  written: boolean,
  report: Report,
): void {
  const declared = new Set(list(document.parameters).map((each) => String(isRecord(each) && each.name)));
  const reads: StepRead[] = [];

  const unknown = (
    code: ProblemCode,
    what: string,
    id: string,
    known: Iterable<string>,
    path: Path,
    offset: number,
  ): void => {
    const suggestion = report.nearest(id, known);
    const message = `The expression reads the ${what} "${id}", which does not exist.${didYouMean(suggestion)}`;
    report.add(code, path, message, { offset, suggestion });
  };
  const note = (check: TemplateCheck, path: Path, reader: Reader): void => {
    for (const { code, message, offset, suggestion } of check.problems)
      report.add(code, path, message, { offset, suggestion });
    // An execution may well never come to read it.
    for (const { id, offset } of written && declared.size > 0 ? check.parameters : [])
      if (!declared.has(id)) unknown('PARAMETER_UNKNOWN', 'parameter', id, declared, path, offset);
    for (const { id, offset } of check.steps) {
      const target = graph.positions.get(id);
      if (target === undefined) {
        unknown('UNKNOWN_STEP', 'step', id, graph.positions.keys(), path, offset);
      } else if (reader.position !== undefined && !(reader.self && target === reader.position)) {
        reads.push({ reader: reader.position, target, path, offset });
      }
    }
  };
  const template = (
    value: JsonValue | undefined,
    path: Path,
    names: readonly string[],
    reader: Reader = {},
  ): void => {
    if (value === undefined || !hasTemplate(value)) return;
    if (typeof value === 'string') note(checkTemplate(value, '', names), path, reader);
    else {
      const isList = Array.isArray(value);
      for (const [key, each] of Object.entries(value as object)) {
        template(each as JsonValue, [...path, isList ? Number(key) : key], names, reader);
      }
    }
  };
  const expression = (
    value: JsonValue | undefined,
    path: Path,
    names: readonly string[],
    kind: 'condition' | 'value',
    reader: Reader = {},
  ): void => {
    if (typeof value === 'string') note(checkExpression(value, '', names, kind), path, reader);
  };

  if (isRecord(document.concurrency)) template(document.concurrency.key, ['concurrency', 'key'], inKey);
  list(document.triggers).forEach((trigger, index) => {
    if (!isRecord(trigger)) return;
    const path: Path = ['triggers', index];
    template(trigger.secret, [...path, 'secret'], inTrigger);
    expression(trigger.when, [...path, 'when'], inTrigger, 'condition');
    template(trigger.parameters, [...path, 'parameters'], inTrigger);
  });
  list(document.steps).forEach((step, position) => {
    if (!isRecord(step)) return;
    const path: Path = ['steps', position];
    const reader: Reader = { position };
    const loops = step.foreach !== undefined ? inForeach : step.repeat !== undefined ? inRepeat : inStep;
    expression(step.when, [...path, 'when'], inStep, 'condition', reader);
    expression(step.foreach, [...path, 'foreach'], inStep, 'value', reader);
    checkItems(step.foreach, [...path, 'foreach'], report);
    template(step.config, [...path, 'config'], loops, reader);
    if (isRecord(step.repeat))
      expression(step.repeat.until, [...path, 'repeat', 'until'], inUntil, 'condition', reader);
    if (isRecord(step.compensate)) {
      template(step.compensate.config, [...path, 'compensate', 'config'], inStep, { position, self: true });
    }
  });
  template(document.output, ['output'], inStep);
  reportSideways(findSideways(graph, components, reads) as StepRead[], document, report);
}

function reportSideways(
  reads: readonly StepRead[],
  document: Record<string, JsonValue>,
  report: Report,
): void {
  const steps = list(document.steps);
  const idOf = (position: number): string => String((steps[position] as { id?: JsonValue }).id);
  for (const { reader, target, path, offset } of reads) {
    const id = idOf(target);
    const message =
      reader === target
        ? `${report.step(reader)} reads itself, which has no output before it has run.`
        : `${report.step(reader)} reads the step "${id}", which is not upstream of it and may not have run yet. Add "${id}" to its dependencies.`;
    report.add('NOT_UPSTREAM', path, message, { offset });
  }
}

/** A list that is written out is taken as it is. */
function checkItems(foreach: JsonValue | undefined, path: Path, report: Report): void {
  list(foreach).forEach((item, index) => {
    if (!hasTemplate(item)) return;
    report.add(
      'VALUE',
      [...path, index],
      'A list that is written out under "foreach" is not filled in. Make the whole list one expression: "${[…]}".',
    );
  });
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as JsonValue[]) : [];
}
