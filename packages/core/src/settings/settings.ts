import type { LogLevel } from '../model/event.ts';

export type DeploymentMode = 'lightweight' | 'hybrid' | 'full';
export type DatabaseBackend = 'memory' | 'file' | 'sqlite' | 'postgresql';
export type QueueBackendName = 'memory' | 'redis';
export type SqliteSynchronous = 'normal' | 'full';
export type SqliteDriver = 'node:sqlite' | 'better-sqlite3';

/** How a platform is put together. Every value is there: what was not given has its default. */
export interface Settings {
  deploymentMode: DeploymentMode;
  database: {
    backend: DatabaseBackend;
    /** Of PostgreSQL. May hold a password: never shown. */
    url?: string;
    /** Of the SQLite file, or the folder of the file backend. Absolute. */
    path?: string;
    /** Connections to PostgreSQL. */
    poolSize: number;
    /** What SQLite waits for at a commit: `normal` survives a crash of the process, `full` the loss of power too. */
    synchronous: SqliteSynchronous;
    /** What speaks to SQLite; undefined: what suits this Node best. */
    driver?: SqliteDriver;
  };
  queue: {
    backend: QueueBackendName;
    /** Of Redis. May hold a password: never shown. */
    url?: string;
    /** Of every key in Redis. */
    prefix: string;
    /** Tasks that may wait in a memory queue. */
    limit: number;
    /** A task has run before `enqueue` returns. Memory queue only. */
    sync: boolean;
  };
  worker: {
    /** This process works on executions too. */
    inProcess: boolean;
    /** Takes tasks of every queue. */
    unified: boolean;
    /** Only these queues, when it is not unified. */
    queues: readonly string[];
    /** Executions at a time. */
    concurrency: number;
    /** How long a worker that shows no sign of life keeps its executions, in milliseconds. */
    lease: number;
    /** How long what runs may take to end when the worker ends, in milliseconds. */
    gracePeriod: number;
  };
  api: {
    host: string;
    port: number;
    /** Whether requests need an API key. */
    auth: 'keys' | 'none';
    /** `NAME:ROLE:KEY` each, beside the keys that are stored. Never shown. */
    keys: readonly string[];
    /** Pages of these origins may use the API; `*` for all. */
    origins: readonly string[];
    /** Addresses and networks of proxies, whose `X-Forwarded-For` is believed. */
    trustedProxies: readonly string[];
    /** Requests a second of each key or address; 0: as many as they like. */
    rate: number;
    /** Of a request, in bytes. */
    maxBody: number;
    /** Of lists and mappings in each other, in a request. */
    maxDepth: number;
    /** Of a workflow that is saved or started. */
    maxSteps: number;
  };
  /** `/metrics` is there. */
  metrics: boolean;
  /** Where a worker answers `/healthz`, `/readyz` and `/metrics`; 0: nowhere. The address is that of the API. */
  probePort: number;
  /** Processes of the command line stay small where they could be a little quicker. */
  spareMemory: boolean;
  /** The file of secrets that are kept encrypted, absolute. */
  secretsFile: string;
  /** Folder of the documents, absolute; undefined: they are kept in the database. */
  workflowsDir?: string;
  /** Encrypts secret parameters while their execution has not ended. Never shown. */
  encryptionKey?: string;
  /** In milliseconds; 0 switches it off. */
  memoryLogInterval: number;
  /** How long, in milliseconds, and how many of each workflow completed executions stay; all when missing. */
  retention: { maxAge?: number; maxCount?: number };
  logLevel: LogLevel;
  /** How lines of the log are written: for people, or one JSON object each. */
  logFormat: 'pretty' | 'json';
}

/** One of the `details` of SETTINGS_INVALID. */
export interface SettingProblem {
  variable: string;
  /** As it was given; missing when it was not given, or may be secret. */
  value?: string;
  /** What may stand there. */
  allowed: string;
  message: string;
}
