/// <reference path="./pg-client.d.ts" />
import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
// The client alone: the package itself would bring a pool and a binding for libpq along.
import PgClient from 'pg/lib/client.js';
import { serialize } from 'pg-protocol';

// What is used of pg beyond its types: it lets whoever has something to send write the messages of the protocol. The figures by
// which it was chosen are in the README.

/** The wire: carries messages, emits what comes back. */
export interface Wire extends EventEmitter {
  readonly stream: Duplex;
  query(text: string): void;
}

/** Makes messages of the protocol. */
export interface Serializer {
  parse(message: { name: string; text: string }): Buffer;
  /** Buffers are sent as binary values, strings as text. */
  bind(message: { statement: string; values: readonly (string | Buffer | null)[] }): Buffer;
  describe(message: { type: 'P'; name: string }): Buffer;
  execute(): Buffer;
  sync(): Buffer;
}

/** Something that is sent, and told of what comes back for it. */
export interface Submittable {
  /** @returns an error when nothing was sent */
  submit(wire: Wire): Error | null;
  handleRowDescription(message: { fields: { name: string; dataTypeID: number }[] }): void;
  handleDataRow(message: { fields: (string | null)[] }): void;
  handleCommandComplete(message: { text: string }): void;
  handleEmptyQuery(): void;
  handlePortalSuspended(): void;
  handleCopyInResponse(): void;
  handleCopyData(): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
  callback(): void;
}

/** One session with the server. */
export interface Client extends EventEmitter {
  readonly connection: Wire;
  /** Of the server, or whatever a pooler says instead. */
  readonly processID: number;
  connect(): Promise<unknown>;
  query(what: Submittable): unknown;
  end(): Promise<void>;
}

/** How to begin one, as pg wants it. */
export interface ClientConfig {
  host: string;
  port: number;
  user: string;
  password: string | undefined;
  database: string;
  ssl: boolean | object;
  enableChannelBinding?: boolean;
  application_name: string;
  connectionTimeoutMillis: number;
  keepAlive: boolean;
  keepAliveInitialDelayMillis: number;
}

export const Client: new (config: ClientConfig) => Client = PgClient as never;

export const serializer: Serializer = serialize as never;
