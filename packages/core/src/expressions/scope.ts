import type { JsonObject, JsonValue } from '../model/json.ts';

/**
 * What expressions can read: JSON, deeply frozen as `toJson` leaves it. What is not frozen is
 * copied when it becomes part of a result. A root that is missing is an error when it is read.
 */
export interface Scope {
  readonly config?: JsonObject;
  readonly parameters?: JsonObject;
  readonly steps?: JsonObject;
  readonly execution?: JsonObject;
  readonly trigger?: JsonValue;
  readonly secrets?: JsonObject;
  readonly env?: JsonObject;
  readonly item?: JsonValue;
  readonly index?: number;
  readonly output?: JsonValue;
}

/** Every name that is in scope somewhere. */
export const scopeNames: ReadonlySet<string> = new Set([
  'config',
  'parameters',
  'steps',
  'execution',
  'trigger',
  'secrets',
  'env',
  'item',
  'index',
  'output',
] satisfies (keyof Scope)[]);

/** A name, and where it stands. */
export interface Use {
  readonly name: string;
  /** From 0, in the text that was compiled. */
  readonly offset: number;
}

/** A root name. */
export interface RootUse extends Use {
  /** What is read of it, where that is a parameter that is read by name: `parameters.a`, `parameters["a"]`. */
  key?: string | number;
}

/** What an expression or template reads, found without evaluating it. */
export interface References {
  /** Root names, without variables that macros bind. */
  readonly names: readonly string[];
  /** Ids of the steps that are read by name: `steps.a`, `steps["a"]`. */
  readonly steps: readonly string[];
  /** True when `steps` is also read in a way that does not tell which step: `steps[item]`, `size(steps)`. */
  readonly dynamicSteps: boolean;
  /** Names of the secrets that are read by name: `secrets.TOKEN`, `secrets["TOKEN"]`. Others cannot be foretold. */
  readonly secrets: readonly string[];
}
