import type { JsonValue } from './model/json.ts';

/**
 * Every code that VWMP itself gives to an error, with its meaning. Codes are stable within a major
 * version; messages are not. Handlers may throw codes of their own.
 */
export const errorCodes = {
  // Documents and parameters
  DOCUMENT_SYNTAX: 'The text is not valid YAML or JSON.',
  DOCUMENT_LIMIT: 'The document is too large, too deep or expands too far.',
  DOCUMENT_INVALID: 'The workflow document has problems; details lists them all.',
  PARAMETERS_INVALID: 'The given parameters have problems; details lists them all.',
  UNSAFE_KEY: 'A mapping has a key that could reach an object prototype.',
  VALUE_INVALID: 'A value has no JSON form, or is too deep or too large.',
  // Steps
  EXPRESSION_ERROR: 'An expression failed while it was evaluated.',
  CONFIG_INVALID: 'The config of a step does not match the schema of its handler.',
  HANDLER_ERROR: 'A handler threw an error that has no code of its own.',
  HANDLER_LOAD_FAILED: 'The module of a handler could not be loaded.',
  FOREACH_NOT_A_LIST: 'The foreach of a step gave something that is no list.',
  FOREACH_CHANGED: 'A list of a foreach has another length than when it began.',
  REPEAT_LIMIT: 'A repeat reached its maximum before its condition held.',
  STEP_TIMEOUT: 'An attempt took longer than the timeout of its step.',
  WAIT_TIMEOUT: 'A signal or approval did not come in time.',
  STEP_CANCELLED: 'A step was cancelled while it ran.',
  OUTPUT_INVALID: 'A handler returned something that has no JSON form or is too large.',
  PORT_UNKNOWN: 'A handler emitted a port that it does not declare.',
  CHILD_FAILED: 'A child execution did not succeed.',
  SECRET_MISSING: 'A secret that was asked for is not there.',
  ENCRYPTION_KEY_MISSING: 'There is no key to encrypt or to read secret parameters with.',
  ENCRYPTION_KEY_WRONG: 'Secret parameters were encrypted with another key.',
  // Executions
  STEP_FAILED: 'A required step failed and nothing handled its failure.',
  EXECUTION_TIMEOUT: 'The execution took longer than its timeout.',
  EXECUTION_CANCELLED: 'The execution was cancelled.',
  EXECUTION_NOT_FOUND: 'There is no execution with this id.',
  EXECUTION_PARKED: 'The execution waits, and this process has let go of it.',
  EXECUTION_NOT_ACTIVE: 'The execution has ended.',
  APPROVAL_INVALID: 'What an approval was given does not match its form; details lists all problems.',
  STEP_NOT_WAITING: 'The step does not wait for what was sent.',
  WORKFLOW_NOT_FOUND: 'There is no workflow with this id.',
  ENGINE_CLOSED: 'The engine has been closed.',
  CONCURRENCY_LIMIT: 'As many executions with this concurrency key as allowed have not ended.',
  INBOX_FULL: 'Too many messages wait for an execution.',
  RETRY_INVALID: 'The execution cannot be retried like this.',
  FOLLOWER_SLOW: 'Events come faster than a follower takes them; it goes on where it was.',
  // Triggers
  WEBHOOK_NOT_FOUND: 'No workflow has a webhook of this path.',
  WEBHOOK_SIGNATURE: 'The signature of a delivery is missing or wrong.',
  WEBHOOK_BODY: 'The body of a delivery is not what it says.',
  // Settings
  SETTINGS_INVALID: 'Settings have problems; details lists them all.',
  PACKAGE_MISSING: 'A package that the settings ask for is not installed.',
  // Plugins
  PLUGIN_INVALID: 'A plugin is malformed.',
  PLUGIN_CONFLICT: 'Two plugins claim the same handler path or workflow type.',
  PLUGIN_NOT_FOUND: 'A plugin package could not be imported.',
  // Workspace
  PATH_OUTSIDE: 'A path leads out of the workspace.',
  // Stores
  REV_CONFLICT: 'Someone else changed the document meanwhile.',
  VERSION_CONFLICT: 'Someone else appended events meanwhile.',
  FENCED: 'Another worker owns this execution now.',
  ALREADY_EXISTS: 'Something with this id is there already.',
  NOT_FOUND: 'Nothing with this id is there.',
  STORE_CORRUPT: 'A stored record cannot be read.',
  STORE_UNAVAILABLE: 'The store cannot be reached or written.',
  STORE_FULL: 'The store has no room left.',
  MIGRATION_FAILED: 'The database could not be migrated; it is as it was.',
  // Queues
  QUEUE_FULL: 'The queue has reached its bound.',
  TASK_RETURNED: 'A worker that ends hands its task back.',
  QUEUE_UNAVAILABLE: 'The queue cannot be reached.',
  BUS_UNAVAILABLE: 'The event bus cannot be reached.',
  CLOSED: 'The adapter has been closed.',
} as const;

/** A code that VWMP itself gives. */
export type ErrorCode = keyof typeof errorCodes;

/** An error as data: what is recorded, sent and shown. Never holds a stack or a secret. */
export interface ErrorInfo {
  /** Stable, upper case. One of {@link errorCodes} or a handler's own. */
  code: string;
  message: string;
  /** False when another attempt cannot help. Missing means that it might. */
  retryable?: boolean;
  details?: JsonValue;
  cause?: ErrorInfo;
}

/** What goes into a {@link VwmpError} besides its code and message. */
export interface VwmpErrorOptions {
  details?: unknown;
  /** @defaultValue true */
  retryable?: boolean;
  cause?: unknown;
}

/**
 * The one error class of VWMP. Recognise errors by `code`, never by class: classes do not survive
 * a process boundary or a second copy of the package.
 *
 * @example
 * ```ts
 * throw new VwmpError('NO_STOCK', 'Article "a-1" is sold out.', { retryable: false });
 * ```
 */
export class VwmpError extends Error {
  override readonly name = 'VwmpError';
  readonly code: string;
  readonly details: unknown;
  readonly retryable: boolean;

  /**
   * @param code - stable, upper case
   * @param message - what happened, to which id, why and what to do; no secret, no payload
   */
  constructor(code: ErrorCode | (string & {}), message: string, options: VwmpErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
    this.retryable = options.retryable ?? true;
  }
}

const codePattern = /^[A-Z][A-Z0-9_]*$/;
const causeDepth = 4;

/** True when `error` carries the given code, whichever class it has. */
export function hasCode(error: unknown, code: ErrorCode | (string & {})): boolean {
  return isObject(error) && (error as { code?: unknown }).code === code;
}

/** True for whatever has properties and is no function. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Turns anything that was thrown into data; `details` are dropped unless they have a JSON form. Never throws. */
export function toErrorInfo(thrown: unknown, depth = 0): ErrorInfo {
  try {
    return describe(thrown, depth);
  } catch {
    // A proxy, or a getter that throws. Who reports a failure must not fail over it: a step would never end.
    return { code: 'HANDLER_ERROR', message: 'What was thrown cannot be read.' };
  }
}

/** Several errors say what the first of them says, unless they say something themselves. */
function messageOf(error: { message?: unknown; errors?: unknown }): string | undefined {
  if (typeof error.message === 'string' && error.message !== '') return error.message;
  const first: unknown = Array.isArray(error.errors) ? error.errors[0] : undefined;
  const message = (first as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' && message !== '' ? message : undefined;
}

function describe(thrown: unknown, depth: number): ErrorInfo {
  if (!isObject(thrown)) return { code: 'HANDLER_ERROR', message: String(thrown) };
  const error = thrown as {
    code?: unknown;
    message?: unknown;
    errors?: unknown;
    retryable?: unknown;
    details?: unknown;
    cause?: unknown;
  };
  const info: ErrorInfo = {
    code: typeof error.code === 'string' && codePattern.test(error.code) ? error.code : 'HANDLER_ERROR',
    message: messageOf(error) ?? 'The handler threw something without a message.',
  };
  if (error.retryable === false) info.retryable = false;
  if (error.details !== undefined) {
    try {
      info.details = JSON.parse(JSON.stringify(error.details)) as JsonValue;
    } catch {
      // Cyclic or otherwise without a JSON form: the code and message say enough.
    }
  }
  if (error.cause !== undefined && depth < causeDepth) info.cause = toErrorInfo(error.cause, depth + 1);
  return info;
}
