import type { Join, Step, WorkflowDocument } from '../model/workflow.ts';
import { parseDuration } from '../values/duration.ts';

/** One incoming edge: the plain edge of a step, or one of its ports. */
export interface Edge {
  /** Position of the step that it comes from. */
  readonly from: number;
  readonly port?: string;
}

/** When and how often an attempt is repeated; delays in milliseconds. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly delay: number;
  readonly factor: number;
  readonly max: number;
  readonly jitter: boolean;
  readonly on?: readonly string[];
}

/** A step as the machine sees it: no template, no handler, only what decides its fate. */
export interface StepDefinition {
  readonly id: string;
  readonly index: number;
  readonly edges: readonly Edge[];
  /** Positions of the steps with an edge from this one, one entry for each edge. */
  readonly dependents: readonly number[];
  readonly join: Join;
  readonly required: boolean;
  readonly enabled: boolean;
  readonly conditional: boolean;
  /** For a foreach: how many items run at a time. */
  readonly foreach?: { readonly concurrency: number };
  readonly repeat?: { readonly max: number; readonly delay: number };
  readonly retry: RetryPolicy;
  /** Of one attempt, in milliseconds. */
  readonly timeout?: number;
  readonly compensated: boolean;
  /** An enabled step depends on its `error` port. */
  readonly errorHandled: boolean;
}

/** A workflow as the machine sees it. */
export interface Definition {
  readonly steps: readonly StepDefinition[];
  readonly positions: ReadonlyMap<string, number>;
  /** Of the whole execution, in milliseconds. */
  readonly timeout?: number;
  readonly hasOutput: boolean;
}

const hour = 3_600_000;
const once: RetryPolicy = { attempts: 1, delay: 1000, factor: 1, max: hour, jitter: false };

/** Compiles a valid document. An invalid one gives an unspecified definition or throws a TypeError. */
export function compileDefinition(document: WorkflowDocument): Definition {
  const positions = new Map(document.steps.map((step, index) => [step.id, index]));
  const edges = document.steps.map((step) =>
    (step.dependencies ?? []).map((text) => parseEdge(text, positions)),
  );
  const dependents: number[][] = document.steps.map(() => []);
  const errorHandled = new Set<number>();
  edges.forEach((incoming, index) => {
    for (const edge of incoming) {
      dependents[edge.from]!.push(index);
      if (edge.port === 'error' && document.steps[index]!.enabled !== false) errorHandled.add(edge.from);
    }
  });
  return {
    positions,
    hasOutput: document.output !== undefined,
    timeout: milliseconds(document.timeout),
    steps: document.steps.map((step, index) =>
      compileStep(step, index, edges[index]!, dependents[index]!, errorHandled.has(index)),
    ),
  };
}

function compileStep(
  step: Step,
  index: number,
  edges: readonly Edge[],
  dependents: readonly number[],
  errorHandled: boolean,
): StepDefinition {
  return {
    id: step.id,
    index,
    edges,
    dependents,
    join: step.join ?? 'all',
    required: step.required ?? true,
    enabled: step.enabled ?? true,
    conditional: step.when !== undefined,
    foreach: step.foreach === undefined ? undefined : { concurrency: step.concurrency ?? 1 },
    repeat: step.repeat && { max: step.repeat.max ?? 100, delay: milliseconds(step.repeat.delay) ?? 0 },
    retry: compileRetry(step.retry),
    timeout: milliseconds(step.timeout),
    compensated: step.compensate !== undefined,
    errorHandled,
  };
}

function compileRetry(retry: Step['retry']): RetryPolicy {
  if (!retry) return once;
  return {
    attempts: retry.attempts ?? 1,
    delay: milliseconds(retry.delay) ?? 1000,
    factor: retry.backoff === 'exponential' ? (retry.factor ?? 2) : 1,
    max: milliseconds(retry.max) ?? hour,
    jitter: retry.jitter ?? false,
    on: retry.on,
  };
}

/** Splits `"a"` or `"a:port"`. */
export function splitEdge(text: string): { step: string; port?: string } {
  const colon = text.indexOf(':');
  return colon < 0 ? { step: text } : { step: text.slice(0, colon), port: text.slice(colon + 1) };
}

function parseEdge(text: string, positions: ReadonlyMap<string, number>): Edge {
  const { step, port } = splitEdge(text);
  const from = positions.get(step);
  if (from === undefined) throw new TypeError(`Dependency "${text}" names no step.`);
  return port === undefined ? { from } : { from, port };
}

function milliseconds(duration: string | number | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration);
}
