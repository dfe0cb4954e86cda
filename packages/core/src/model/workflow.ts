import type { JsonObject, JsonValue } from './json.ts';

/** `250ms`, `10s`, `5m`, `2h`, `1d`, or a number of milliseconds. */
export type Duration = string | number;

/** JSON; typed loosely, as lists of steps with different configs would not fit otherwise. Checked when a workflow is loaded. */
export type ConfigObject = Readonly<Record<string, unknown>>;

/** A workflow document as people write it, after older spellings have been normalised. */
export interface WorkflowDocument {
  /** Slug; made from `name` when missing. */
  id?: string;
  name: string;
  /** Semantic version. @defaultValue `0.1.0` */
  version?: string;
  /** A registered workflow type. @defaultValue `generic` */
  type?: string;
  description?: string;
  config?: JsonObject;
  parameters?: readonly Parameter[];
  triggers?: readonly Trigger[];
  /** Of the whole execution. */
  timeout?: Duration;
  concurrency?: ConcurrencyLimit;
  output?: JsonValue;
  steps: readonly Step[];
}

export type ParameterType =
  | 'string'
  | 'text'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'enum'
  | 'array'
  | 'object'
  | 'secret';

export interface Parameter {
  name: string;
  type: ParameterType;
  /** @defaultValue true when there is no default */
  required?: boolean;
  default?: JsonValue;
  label?: string;
  description?: string;
  options?: readonly (JsonValue | { value: JsonValue; label?: string })[];
  /** JSON Schema 2020-12 keywords. */
  validation?: JsonObject;
}

export type Trigger = ScheduleTrigger | WebhookTrigger;

export interface ScheduleTrigger {
  /** Cron, five fields. */
  schedule: string;
  /** IANA name. @defaultValue `UTC` */
  timezone?: string;
  overlap?: 'skip' | 'queue' | 'allow';
  catchup?: 'none' | 'last' | 'all';
  parameters?: JsonObject;
}

export interface WebhookTrigger {
  /** Path below `/webhooks/`. */
  webhook: string;
  /** Key that deliveries are signed with. Needed unless `signature` is `none`. */
  secret?: string;
  /** `github`, `standard`, the name of a header, or `none`. @defaultValue `standard` for a secret that begins with `whsec_`, else `github` */
  signature?: string;
  events?: readonly string[];
  when?: string;
  parameters?: JsonObject;
}

export interface ConcurrencyLimit {
  key: string;
  limit?: number;
  policy?: 'queue' | 'skip' | 'cancel';
}

export type Join = 'all' | 'any' | 'done';

export interface Step {
  id: string;
  name?: string;
  description?: string;
  /** Path `plugin.name` of a registered handler. */
  handler: string;
  config?: ConfigObject;
  /** `"a"` or `"a:port"`. */
  dependencies?: readonly string[];
  join?: Join;
  when?: string | boolean;
  required?: boolean;
  enabled?: boolean;
  retry?: Retry;
  /** Of one attempt. */
  timeout?: Duration;
  foreach?: string | readonly JsonValue[];
  /** How many items of a `foreach` run at a time. @defaultValue 1 */
  concurrency?: number;
  repeat?: Repeat;
  compensate?: Compensation;
  queue?: string;
}

export interface Retry {
  /** In total, the first included. @defaultValue 1 */
  attempts?: number;
  /** @defaultValue 1s */
  delay?: Duration;
  /** @defaultValue fixed */
  backoff?: 'fixed' | 'exponential';
  /** @defaultValue 2 */
  factor?: number;
  /** No delay is longer. @defaultValue 1h */
  max?: Duration;
  /** Spreads each delay over its upper half. @defaultValue false */
  jitter?: boolean;
  /** Only these error codes are retried. @defaultValue any */
  on?: readonly string[];
}

export interface Repeat {
  /** Runs again until this, which sees `output`, is true. */
  until: string;
  /** @defaultValue 100 */
  max?: number;
  /** Between two runs. @defaultValue 0 */
  delay?: Duration;
}

export interface Compensation {
  handler: string;
  config?: ConfigObject;
}
