import type { LogLevel } from '../model/event.ts';
import { duration, flag, integer, type Kind, names, oneOf, orWord, text, url } from './kinds.ts';
import type {
  DatabaseBackend,
  DeploymentMode,
  QueueBackendName,
  Settings,
  SqliteDriver,
  SqliteSynchronous,
} from './settings.ts';

/** What the variables say, defaults filled in; paths are still as they were given. */
export interface Values {
  mode: DeploymentMode;
  databaseBackend: DatabaseBackend;
  databaseUrl?: string;
  sqlitePath: string;
  sqliteSynchronous: SqliteSynchronous;
  sqliteDriver?: SqliteDriver;
  filePath: string;
  postgresPoolSize: number;
  queueBackend: QueueBackendName;
  redisUrl?: string;
  redisHost: string;
  redisPort: number;
  redisDb: number;
  redisPassword?: string;
  queuePrefix: string;
  queueLimit: number;
  syncProcessing: boolean;
  inProcessWorker: boolean;
  unifiedWorker: boolean;
  workerQueues: readonly string[];
  workerConcurrency: number;
  lease: number;
  gracePeriod: number;
  apiHost: string;
  apiPort: number;
  apiAuth?: 'keys' | 'none';
  apiKeys: readonly string[];
  apiOrigins: readonly string[];
  trustedProxies: readonly string[];
  apiRate: number;
  apiMaxBody: number;
  apiMaxDepth: number;
  apiMaxSteps: number;
  metrics: boolean;
  probePort: number;
  spareMemory: boolean;
  secretsFile: string;
  workflowsDir?: string;
  encryptionKey?: string;
  retentionAge: number;
  retentionCount: number;
  memoryLogInterval: number;
  logLevel: LogLevel;
  logFormat: 'pretty' | 'json';
}

/** One variable: everything that is read, reported and documented comes from here. */
export interface Variable<T> {
  readonly name: string;
  /** What it is for. */
  readonly about: string;
  readonly kind: Kind<T>;
  /** Without one the value stays undefined. */
  readonly standard?: (mode: DeploymentMode) => T;
  /** Of no value that is given for it anything may be shown. */
  readonly secret?: boolean;
  /** What it is only used with: a condition, and words for it that complete "is only used with …". */
  readonly only?: { readonly words: string; readonly holds: (values: Values) => boolean };
  /** Its value in settings that were read; missing when it is part of another one. */
  readonly of?: (settings: Settings) => T | undefined;
}

const always =
  <T>(value: T) =>
  (): T =>
    value;

const sqlite: Variable<unknown>['only'] = {
  words: 'VWMP_DATABASE_BACKEND=sqlite',
  holds: ({ databaseBackend }) => databaseBackend === 'sqlite',
};
const postgresql: Variable<unknown>['only'] = {
  words: 'VWMP_DATABASE_BACKEND=postgresql',
  holds: ({ databaseBackend }) => databaseBackend === 'postgresql',
};
const redis: Variable<unknown>['only'] = {
  words: 'VWMP_QUEUE_BACKEND=redis',
  holds: ({ queueBackend }) => queueBackend === 'redis',
};
const redisParts: Variable<unknown>['only'] = {
  words: 'VWMP_QUEUE_BACKEND=redis and without VWMP_REDIS_URL',
  holds: ({ queueBackend, redisUrl }) => queueBackend === 'redis' && redisUrl === undefined,
};
/** What a path can't be; `file:` and `:memory:` mean something else to SQLite. */
const path = /^(?!:memory:$|file:)[^\0]+$/i;

/** Every variable, in the order in which people want to read about them. */
export const variables: { readonly [K in keyof Values]-?: Variable<NonNullable<Values[K]>> } = {
  mode: {
    name: 'VWMP_DEPLOYMENT_MODE',
    about: 'What the other variables are when they are not given.',
    kind: oneOf('lightweight', 'hybrid', 'full'),
    standard: always('lightweight'),
    of: ({ deploymentMode }) => deploymentMode,
  },
  databaseBackend: {
    name: 'VWMP_DATABASE_BACKEND',
    about: 'Where workflows and executions are kept. `memory` forgets them when the process ends.',
    kind: oneOf('sqlite', 'postgresql', 'file', 'memory'),
    standard: (mode) => (mode === 'lightweight' ? 'sqlite' : 'postgresql'),
    of: ({ database }) => database.backend,
  },
  sqlitePath: {
    name: 'VWMP_SQLITE_PATH',
    about: 'The file of the SQLite database; a relative path begins at the working directory.',
    kind: text('the path of a file (for a database in memory VWMP_DATABASE_BACKEND=memory)', path),
    standard: always('.vwmp/vwmp.db'),
    only: sqlite,
    of: ({ database }) => (database.backend === 'sqlite' ? database.path : undefined),
  },
  sqliteSynchronous: {
    name: 'VWMP_SQLITE_SYNCHRONOUS',
    about:
      'What a commit waits for. With `normal` nothing is lost when the process is killed, with `full` nothing when the power fails either.',
    kind: oneOf('normal', 'full'),
    standard: always('normal'),
    only: sqlite,
    of: ({ database }) => (database.backend === 'sqlite' ? database.synchronous : undefined),
  },
  sqliteDriver: {
    name: 'VWMP_SQLITE_DRIVER',
    about:
      'What speaks to SQLite: the module of Node, or the package `better-sqlite3`, which you install beside. Without it the module of Node, unless its SQLite is older than 3.51.3 and the package is installed.',
    kind: oneOf('node:sqlite', 'better-sqlite3'),
    only: sqlite,
    of: ({ database }) => (database.backend === 'sqlite' ? database.driver : undefined),
  },
  filePath: {
    name: 'VWMP_FILE_PATH',
    about: 'The folder of the `file` backend: workflows lie in it, executions in `.vwmp` below.',
    kind: text('the path of a folder', path),
    standard: always('workflows'),
    only: {
      words: 'VWMP_DATABASE_BACKEND=file',
      holds: ({ databaseBackend }) => databaseBackend === 'file',
    },
    of: ({ database }) => (database.backend === 'file' ? database.path : undefined),
  },
  databaseUrl: {
    name: 'VWMP_DATABASE_URL',
    about: 'The address of the PostgreSQL database; required.',
    kind: url('postgresql://USER:PASSWORD@HOST:PORT/DATABASE', 'postgresql:', 'postgres:'),
    secret: true,
    only: postgresql,
    of: ({ database }) => (database.backend === 'postgresql' ? database.url : undefined),
  },
  postgresPoolSize: {
    name: 'VWMP_POSTGRES_POOL_SIZE',
    about: 'How many connections to PostgreSQL a process opens at most.',
    kind: integer(1, 1000),
    standard: always(10),
    only: postgresql,
    of: ({ database }) => (database.backend === 'postgresql' ? database.poolSize : undefined),
  },
  queueBackend: {
    name: 'VWMP_QUEUE_BACKEND',
    about: 'Where tasks wait for a worker. `memory` serves one process.',
    kind: oneOf('memory', 'redis'),
    standard: (mode) => (mode === 'full' ? 'redis' : 'memory'),
    of: ({ queue }) => queue.backend,
  },
  redisUrl: {
    name: 'VWMP_REDIS_URL',
    about:
      'The Redis server; `rediss:` for TLS. Or the sentinels that know it: `redis+sentinel://:PASSWORD@HOST:PORT,HOST:PORT/MASTER/DB`, whose own password is `?sentinel_password=…`. Goes before the four variables below.',
    kind: url(
      'redis://:PASSWORD@HOST:PORT/DB, rediss://… or redis+sentinel://…',
      ...['redis:', 'rediss:', 'redis+sentinel:', 'rediss+sentinel:'],
    ),
    secret: true,
    only: redis,
    of: ({ queue }) => queue.url,
  },
  redisHost: {
    name: 'VWMP_REDIS_HOST',
    about: 'Name or address of the Redis server.',
    kind: text('the name or address of a host', /^[A-Za-z0-9._:[\]-]+$/),
    standard: always('127.0.0.1'),
    only: redisParts,
  },
  redisPort: {
    name: 'VWMP_REDIS_PORT',
    about: 'Its port.',
    kind: integer(1, 65_535),
    standard: always(6379),
    only: redisParts,
  },
  redisDb: {
    name: 'VWMP_REDIS_DB',
    about: 'Number of the database in it.',
    kind: integer(0, 65_535),
    standard: always(0),
    only: redisParts,
  },
  redisPassword: {
    name: 'VWMP_REDIS_PASSWORD',
    about: 'Its password.',
    kind: text('any text', /^[^\0]+$/),
    secret: true,
    only: redisParts,
  },
  queuePrefix: {
    name: 'VWMP_QUEUE_PREFIX',
    about: 'Begins the name of every key in Redis, so that several platforms can share a server.',
    kind: text('up to 64 letters, digits, ".", "_" and "-"', /^[A-Za-z0-9._-]{1,64}$/),
    standard: always('vwmp'),
    only: redis,
    of: ({ queue }) => (queue.backend === 'redis' ? queue.prefix : undefined),
  },
  queueLimit: {
    name: 'VWMP_QUEUE_LIMIT',
    about: 'How many tasks may wait in a queue in memory; beyond that it is full.',
    kind: integer(1, 10_000_000),
    standard: always(10_000),
    only: { words: 'VWMP_QUEUE_BACKEND=memory', holds: ({ queueBackend }) => queueBackend === 'memory' },
    of: ({ queue }) => (queue.backend === 'memory' ? queue.limit : undefined),
  },
  syncProcessing: {
    name: 'VWMP_SYNC_PROCESSING',
    about: 'Runs a task before it counts as accepted. For tests; not possible with Redis.',
    kind: flag,
    standard: always(false),
    of: ({ queue }) => queue.sync,
  },
  inProcessWorker: {
    name: 'VWMP_IN_PROCESS_WORKER',
    about: 'Whether a process that serves the API works on executions too.',
    kind: flag,
    standard: (mode) => mode !== 'full',
    of: ({ worker }) => worker.inProcess,
  },
  unifiedWorker: {
    name: 'VWMP_UNIFIED_WORKER',
    about: 'A worker takes tasks from every queue. Not when VWMP_WORKER_QUEUES names some.',
    kind: flag,
    standard: always(true),
    of: ({ worker }) => worker.unified,
  },
  workerQueues: {
    name: 'VWMP_WORKER_QUEUES',
    about: 'The only queues that a worker takes tasks from.',
    kind: names('names of queues with commas between them', /^[A-Za-z0-9._-]{1,64}$/),
    standard: always([]),
    of: ({ worker }) => (worker.queues.length > 0 ? worker.queues : undefined),
  },
  workerConcurrency: {
    name: 'VWMP_WORKER_CONCURRENCY',
    about: 'How many executions a worker works on at a time; those that wait do not count.',
    kind: integer(1, 10_000),
    standard: always(16),
    of: ({ worker }) => worker.concurrency,
  },
  lease: {
    name: 'VWMP_LEASE',
    about: 'How long a worker that shows no sign of life keeps its executions before others carry them on.',
    kind: duration(1000),
    standard: always(15_000),
    of: ({ worker }) => worker.lease,
  },
  gracePeriod: {
    name: 'VWMP_GRACE_PERIOD',
    about: 'How long what runs may take to end when a process is told to stop; the rest is handed back.',
    kind: duration(0),
    standard: always(20_000),
    of: ({ worker }) => worker.gracePeriod,
  },
  apiHost: {
    name: 'VWMP_API_HOST',
    about: 'The address that the API listens on; `0.0.0.0` for all.',
    kind: text('the name or address of a host', /^[A-Za-z0-9._:-]+$/),
    standard: always('127.0.0.1'),
    of: ({ api }) => api.host,
  },
  apiPort: {
    name: 'VWMP_API_PORT',
    about: 'Its port; 0 takes a free one.',
    kind: integer(0, 65_535),
    standard: always(8080),
    of: ({ api }) => api.port,
  },
  apiAuth: {
    name: 'VWMP_API_AUTH',
    about:
      'Whether requests need an API key. When it is not given they do unless VWMP_API_HOST is an address of this machine alone, such as 127.0.0.1; `none` is possible there only.',
    kind: oneOf('keys', 'none'),
    of: ({ api }) => api.auth,
  },
  apiKeys: {
    name: 'VWMP_API_KEYS',
    about:
      'API keys as `NAME:ROLE:KEY` with commas between them, beside those that `vwmp keys create` makes. For containers, which get them from outside; `openssl rand -hex 32` makes a key.',
    kind: names(
      'entries NAME:ROLE:KEY with commas between them, a ROLE of viewer, executor, editor or admin and a KEY of at least 32 characters',
      /^[^\s,:]{1,64}:(viewer|executor|editor|admin):[A-Za-z0-9._~+/=-]{32,}$/,
    ),
    standard: always([]),
    secret: true,
    of: ({ api }) => (api.keys.length > 0 ? ['***'] : undefined),
  },
  apiOrigins: {
    name: 'VWMP_API_ORIGINS',
    about: 'Pages of these origins may use the API from a browser, besides its own; `*` for all.',
    kind: names(
      'origins such as https://tools.example.com with commas between them, or *',
      /^(\*|https?:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?)$/,
    ),
    standard: always([]),
    of: ({ api }) => (api.origins.length > 0 ? api.origins : undefined),
  },
  trustedProxies: {
    name: 'VWMP_TRUSTED_PROXIES',
    about: 'Proxies in front of the API: what they write into `X-Forwarded-For` is believed.',
    kind: names(
      'addresses or networks such as 10.0.0.0/8 with commas between them',
      /^(\d{1,3}(\.\d{1,3}){3}(\/(3[0-2]|[12]?\d))?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(\/(12[0-8]|1[01]\d|\d{1,2}))?)$/,
    ),
    standard: always([]),
    of: ({ api }) => (api.trustedProxies.length > 0 ? api.trustedProxies : undefined),
  },
  apiRate: {
    name: 'VWMP_API_RATE',
    about:
      'How many requests a second each API key, or address without a valid one, may make for long; twice as many at once. `off` for no limit; there is none where no key is needed.',
    kind: orWord(integer(1, 1_000_000), 'off', 0),
    standard: always(1000),
    of: ({ api }) => api.rate,
  },
  apiMaxBody: {
    name: 'VWMP_API_MAX_BODY',
    about: 'How large the body of a request may be, in bytes.',
    kind: integer(1024, 1_073_741_824),
    standard: always(2 * 1024 * 1024),
    of: ({ api }) => api.maxBody,
  },
  apiMaxDepth: {
    name: 'VWMP_API_MAX_DEPTH',
    about: 'How deep lists and mappings may lie in each other in the body of a request.',
    kind: integer(8, 1000),
    standard: always(64),
    of: ({ api }) => api.maxDepth,
  },
  apiMaxSteps: {
    name: 'VWMP_API_MAX_STEPS',
    about: 'How many steps a workflow may have that comes through the API.',
    kind: integer(1, 1_000_000),
    standard: always(10_000),
    of: ({ api }) => api.maxSteps,
  },
  metrics: {
    name: 'VWMP_METRICS',
    about: 'Whether `/metrics` is there, for Prometheus.',
    kind: flag,
    standard: always(true),
    of: ({ metrics }) => metrics,
  },
  probePort: {
    name: 'VWMP_PROBE_PORT',
    about:
      'A port at which a worker answers `/healthz`, `/readyz` and `/metrics`, at the address VWMP_API_HOST; 0 for none.',
    kind: integer(0, 65_535),
    standard: always(0),
    of: ({ probePort }) => probePort,
  },
  spareMemory: {
    name: 'VWMP_SPARE_MEMORY',
    about:
      'Whether `vwmp serve` and `vwmp worker` stay small where they could be a little quicker: with little garbage, and with code that V8 compiles for speed only once they are busy for a while.',
    kind: flag,
    standard: always(true),
    of: ({ spareMemory }) => spareMemory,
  },
  workflowsDir: {
    name: 'VWMP_WORKFLOWS_DIR',
    about: 'A folder that workflows are kept in, in Git for example, instead of in the database.',
    kind: text('the path of a folder', path),
    of: ({ workflowsDir }) => workflowsDir,
  },
  encryptionKey: {
    name: 'VWMP_ENCRYPTION_KEY',
    about:
      'Encrypts the secret parameters of executions that have not ended. With SQLite or files one is made on first use and kept beside them; else executions with secret parameters need it, the same for all processes. `openssl rand -hex 32` makes one.',
    kind: text('at least 16 characters', /^[^\0]{16,}$/),
    secret: true,
    of: ({ encryptionKey }) => (encryptionKey === undefined ? undefined : '***'),
  },
  secretsFile: {
    name: 'VWMP_SECRETS_FILE',
    about:
      'The file of secrets that `vwmp secrets set` keeps, encrypted with VWMP_ENCRYPTION_KEY or the key beside the database.',
    kind: text('the path of a file', path),
    standard: always('.vwmp/secrets'),
    of: ({ secretsFile }) => secretsFile,
  },
  retentionAge: {
    name: 'VWMP_RETENTION_AGE',
    about: 'How long executions that have ended are kept.',
    kind: orWord(duration(1000), 'forever', Number.POSITIVE_INFINITY),
    standard: always(30 * 86_400_000),
    of: ({ retention }) => retention.maxAge ?? Number.POSITIVE_INFINITY,
  },
  retentionCount: {
    name: 'VWMP_RETENTION_COUNT',
    about: 'How many executions of each workflow that have ended are kept.',
    kind: orWord(integer(1, 1_000_000_000), 'all', Number.POSITIVE_INFINITY),
    standard: always(Number.POSITIVE_INFINITY),
    of: ({ retention }) => retention.maxCount ?? Number.POSITIVE_INFINITY,
  },
  memoryLogInterval: {
    name: 'VWMP_MEMORY_LOG_INTERVAL',
    about: 'How often the use of memory is written to the log.',
    kind: orWord(duration(1000), 'off', 0),
    standard: always(0),
    of: ({ memoryLogInterval }) => memoryLogInterval,
  },
  logLevel: {
    name: 'VWMP_LOG_LEVEL',
    about: 'The least that is written to the log.',
    kind: oneOf('debug', 'info', 'warn', 'error'),
    standard: always('info'),
    of: ({ logLevel }) => logLevel,
  },
  logFormat: {
    name: 'VWMP_LOG_FORMAT',
    about:
      'How `vwmp serve` and `vwmp worker` write their log: `pretty` for people, or `json`, one object a line. `--json` goes before it.',
    kind: oneOf('pretty', 'json'),
    standard: always('pretty'),
    of: ({ logFormat }) => logFormat,
  },
};

/** Variables with the same prefix that others read. */
export const otherVariables: readonly { name: string; about: string; form: RegExp }[] = [
  {
    name: 'VWMP_SECRET_…',
    about: '`VWMP_SECRET_TOKEN` is what expressions read as `secrets.TOKEN`.',
    form: /^VWMP_SECRET_./,
  },
  {
    name: 'VWMP_ENV_ALLOW',
    about: 'Names of the variables that expressions may read as `env`.',
    form: /^VWMP_ENV_ALLOW$/,
  },
  // Marks what the handlers of `shell` start: those may start a platform.
  {
    name: 'VWMP_COMMAND_ID',
    about: 'Set by the `shell` handlers for the commands that they run.',
    form: /^VWMP_COMMAND_ID$/,
  },
];
