import type { Expression, Template } from '../expressions/index.ts';
import type { Note } from '../language/note.ts';
import type { Definition } from '../machine/index.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import type { Step, WorkflowDocument } from '../model/workflow.ts';
import type { RegisteredHandler } from '../plugin/registry.ts';

/** A handler and the config that it is to get. */
export interface PreparedCall {
  readonly handler: RegisteredHandler;
  /** Config without any template: checked when the workflow was loaded, and the same for every call. */
  readonly constant?: JsonObject;
  /** Config with templates: filled in and checked for every call. */
  readonly template?: Template;
  /** Checks a filled-in config; missing when whatever the templates give will do. */
  readonly check?: (config: JsonObject) => readonly Problem[];
}

/** A step with everything compiled that it needs to run. */
export interface PreparedStep extends PreparedCall {
  readonly step: Step;
  readonly when?: Expression | boolean;
  readonly foreach?: Template | readonly JsonValue[];
  readonly until?: Expression;
  readonly compensate?: PreparedCall;
}

/** A workflow that was read and found valid, ready to be executed any number of times. Immutable. */
export interface Workflow {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly document: WorkflowDocument;
  /** What was normalised in an older document. */
  readonly notes: readonly Note[];
  /** @internal */
  readonly definition: Definition;
  /** @internal */
  readonly steps: readonly PreparedStep[];
  /** @internal */
  readonly output?: Template;
  /** Names of the secrets that its expressions mention. @internal */
  readonly secretNames: readonly string[];
}
