import type { JsonObject, JsonValue } from '@vwmp/core';

/** Keys, and positions from 0. */
export type Path = readonly (string | number)[];

export function isObject(value: unknown): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is at the path, or undefined. Only own properties count. */
export function valueAt(value: unknown, path: Path): JsonValue | undefined {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at as JsonValue | undefined;
}

/** The entries of `steps` as they are, right or wrong. */
export function stepsOf(document: unknown): readonly JsonValue[] {
  return isObject(document) && Array.isArray(document.steps) ? (document.steps as JsonValue[]) : [];
}

/** Position of the first step with that id, or -1. */
export function positionOf(document: unknown, id: string): number {
  return stepsOf(document).findIndex((step) => isObject(step) && step.id === id);
}

/** @param id - or `#2` where a step has none */
export function pathOfStep(document: unknown, id: string): Path | undefined {
  const at = id.startsWith('#') ? Number(id.slice(1)) : positionOf(document, id);
  return at >= 0 ? ['steps', at] : undefined;
}

/** The first step with that id. */
export function stepOf(document: unknown, id: string): JsonObject | undefined {
  const step = stepsOf(document)[positionOf(document, id)];
  return isObject(step) ? (step as JsonObject) : undefined;
}

export function idsOf(document: unknown): string[] {
  return stepsOf(document).flatMap((step) =>
    isObject(step) && typeof step.id === 'string' ? [step.id] : [],
  );
}

/** The dependencies of a step that are written as they should be. */
export function dependenciesOf(step: unknown): string[] {
  if (!isObject(step) || !Array.isArray(step.dependencies)) return [];
  return (step.dependencies as unknown[]).filter((each): each is string => typeof each === 'string');
}

/** A step and one of its ports; without a port, its plain edge. */
export interface Origin {
  readonly step: string;
  readonly port?: string;
}

/** `a:port` as it stands in dependencies. */
export function readEdge(text: string): Origin {
  const colon = text.indexOf(':');
  return colon < 0 ? { step: text } : { step: text.slice(0, colon), port: text.slice(colon + 1) };
}

export function writeEdge({ step, port }: Origin): string {
  return port === undefined ? step : `${step}:${port}`;
}

/** An id that is not taken: `name`, `name_2`, `name_3`… */
export function freeId(wish: string, taken: Iterable<string>): string {
  const used = new Set(taken);
  const base = wish.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^[^A-Za-z_]+/, '') || 'step';
  if (!used.has(base)) return base;
  const stem = base.replace(/_\d+$/, '');
  for (let count = 2; ; count++) if (!used.has(`${stem}_${count}`)) return `${stem}_${count}`;
}

/** True when an edge would close a circle. */
export function closesCircle(document: unknown, from: string, to: string): boolean {
  const steps = new Map(
    stepsOf(document).flatMap((step) => (isObject(step) ? [[String(step.id), step]] : [])),
  );
  const open = [from];
  const seen = new Set<string>();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...dependenciesOf(steps.get(id)).map((edge) => readEdge(edge).step));
  }
  return false;
}
