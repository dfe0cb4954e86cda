import type { JsonObject, JsonValue } from '@vwmp/core';
import { dependenciesOf, isObject, readEdge, stepOf } from '../document/index.ts';

/** Everything that a step depends on, directly or not, in the order of the document. */
export function upstreamOf(document: JsonValue, id: string): string[] {
  const found = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { step } of dependenciesOf(stepOf(document, next)).map(readEdge)) {
      if (step === id || found.has(step) || !stepOf(document, step)) continue;
      found.add(step);
      open.push(step);
    }
  }
  const steps = isObject(document) && Array.isArray(document.steps) ? document.steps : [];
  return steps.flatMap((step) =>
    isObject(step) && typeof step.id === 'string' && found.has(step.id) ? [step.id] : [],
  );
}

/**
 * A document that executes one step alone: what it depends on gives fixed outputs instead of being run.
 *
 * @param outputs - by the id of a step; null where there is none
 */
export function documentOfStep(
  document: JsonValue,
  id: string,
  outputs: Readonly<Record<string, JsonValue>>,
): JsonObject {
  const whole = isObject(document) ? document : {};
  const { dependencies: _, when: __, join: ___, ...step } = stepOf(document, id) ?? { id };
  const upstream = upstreamOf(document, id);
  const { parameters, config, secrets } = whole as JsonObject;
  return {
    id: `${String(whole.id ?? 'workflow')}.test`.slice(-64),
    name: `Test of ${id}`,
    ...(parameters !== undefined && { parameters }),
    ...(config !== undefined && { config }),
    ...(secrets !== undefined && { secrets }),
    steps: [
      ...upstream.map((each) => ({
        id: each,
        handler: 'core.set',
        config: { value: literal(outputs[each] ?? null) },
      })),
      { ...step, ...(upstream.length > 0 && { dependencies: upstream }) },
    ],
  };
}

/** A value in which nothing is taken for an expression. */
export function literal(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, literal(each)]));
}
