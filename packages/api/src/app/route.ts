import type { JsonObject } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { Schema } from '@vwmp/core/schema';
import type { OperationName, Operations } from '../contract/index.ts';
import type { Principal } from '../security/authenticate.ts';
import type { Role } from '../security/roles.ts';
import type { BodyText } from './body.ts';
import type { Ending } from './ending.ts';
import type { WorkflowViews } from './workflow-views.ts';

/** One request, as handlers see it. */
export interface Call {
  readonly platform: Platform;
  readonly principal: Principal;
  /** Asks again who calls, for answers that take long. @throws API_KEY_INVALID when the key was taken back meanwhile */
  check(): Promise<unknown>;
  /** Tells the log of an error that the answer is given without, unless the service closes or a part of it is away. */
  report(error: unknown): void;
  readonly request: Request;
  /** One of its headers. @param name - in lower case */
  header(name: string): string | undefined;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  readonly views: WorkflowViews;
  /** Of the server. */
  readonly ending: Ending;
  /** Notes a change or decision. @param action - such as `workflow.saved` */
  audit(action: string, subject: string, details?: JsonObject): Promise<void>;
}

/** What a handler answers. */
export interface Reply<T> {
  status: number;
  body?: T;
  /** The body in place of `body`: JSON already, or another type with its `content-type`. */
  text?: string;
  /** The body in place of both, with its `content-type`. */
  stream?: ReadableStream<Uint8Array>;
  headers?: Record<string, string>;
}

/** What the operations with a document get in place of it: the text, to be kept as it is. */
type ServerInput<K extends OperationName> = K extends DocumentOperation
  ? Omit<Operations[K]['input'], 'body'> & { body: BodyText }
  : Operations[K]['input'];

export type DocumentOperation = 'createWorkflow' | 'replaceWorkflow' | 'validateWorkflow';

/** One of the answers of a route. */
export interface AnswerSpec {
  description: string;
  /** Missing when there is no body. */
  schema?: Schema;
  /** Of bodies that are no JSON, besides. */
  types?: readonly string[];
  headers?: Readonly<Record<string, string>>;
}

/** What happens at one operation, and what the OpenAPI document says of it. */
export interface Route<K extends OperationName = OperationName> {
  tag: string;
  summary: string;
  description?: string;
  /** Who may do it. */
  role: Role;
  /** By name in the path. What does not match is not there: 404. */
  path?: Readonly<Record<string, Schema>>;
  query?: Readonly<Record<string, Schema>>;
  /** By the name of the input, see `headerInputs`. */
  headers?: Readonly<Record<string, Schema>>;
  /** `document`: JSON or YAML of a workflow, whose text is given to the handler. */
  body?: Schema | 'document';
  /** @defaultValue true when there is a `body` */
  bodyRequired?: boolean;
  /** By status. */
  answers: Readonly<Record<number, AnswerSpec>>;
  /** Codes that it answers with, besides those that follow from the rest. */
  errors?: readonly string[];
  /** With which code it says that the first thing in the path is not there; for others it is NOT_FOUND. @defaultValue NOT_FOUND */
  missing?: string;
  handle(call: Call, input: ServerInput<K>): Promise<Reply<Operations[K]['answer']>>;
}

/** The routes of all operations. */
export type Routes = { readonly [K in OperationName]: Route<K> };
