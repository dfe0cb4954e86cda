import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasCode } from '../errors.ts';
import { hidePassword } from './kinds.ts';
import { type Environment, readSecretSettings, readSettings } from './read-settings.ts';
import type { SettingProblem } from './settings.ts';

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'vwmp-settings-'));
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function problemsOf(environment: Environment): SettingProblem[] {
  try {
    readSettings(environment, { cwd });
  } catch (error) {
    expect(hasCode(error, 'SETTINGS_INVALID')).toBe(true);
    const { message, details } = error as { message: string; details: SettingProblem[] };
    for (const problem of details) expect(message).toContain(problem.message);
    return details;
  }
  return [];
}

const warningsOf = (environment: Environment): string[] => readSettings(environment, { cwd }).warnings;

test('nothing set is a lightweight platform in the working directory', () => {
  const { settings, warnings } = readSettings({ PATH: '/bin' }, { cwd });
  expect(warnings).toEqual([]);
  expect(settings).toEqual({
    deploymentMode: 'lightweight',
    database: {
      backend: 'sqlite',
      path: join(cwd, '.vwmp/vwmp.db'),
      poolSize: 10,
      synchronous: 'normal',
    },
    queue: { backend: 'memory', prefix: 'vwmp', limit: 10_000, sync: false },
    worker: {
      inProcess: true,
      unified: true,
      queues: [],
      concurrency: 16,
      lease: 15_000,
      gracePeriod: 20_000,
    },
    api: {
      host: '127.0.0.1',
      port: 8080,
      auth: 'none',
      keys: [],
      origins: [],
      trustedProxies: [],
      rate: 1000,
      maxBody: 2 * 1024 * 1024,
      maxDepth: 64,
      maxSteps: 10_000,
    },
    metrics: true,
    probePort: 0,
    spareMemory: true,
    secretsFile: join(cwd, '.vwmp/secrets'),
    memoryLogInterval: 0,
    retention: { maxAge: 30 * 86_400_000 },
    logLevel: 'info',
    logFormat: 'pretty',
  });
});

test('the driver of SQLite is read where there is SQLite', () => {
  const { settings } = readSettings({ VWMP_SQLITE_DRIVER: 'Better-SQLite3' }, { cwd });
  expect(settings.database.driver).toBe('better-sqlite3');
  expect(problemsOf({ VWMP_SQLITE_DRIVER: 'sqlite3' })).toMatchObject([
    { variable: 'VWMP_SQLITE_DRIVER', allowed: 'node:sqlite or better-sqlite3' },
  ]);
});

test('every variable is read', () => {
  const { settings, warnings } = readSettings(
    {
      VWMP_DEPLOYMENT_MODE: 'Full',
      VWMP_DATABASE_BACKEND: 'postgresql',
      VWMP_DATABASE_URL: ' postgres://u:p%23@db.example:5433/flows?sslmode=require ',
      VWMP_POSTGRES_POOL_SIZE: '4',
      VWMP_QUEUE_BACKEND: 'redis',
      VWMP_REDIS_HOST: '::1',
      VWMP_REDIS_PORT: '6380',
      VWMP_REDIS_DB: '3',
      VWMP_REDIS_PASSWORD: 'a b/#@:',
      VWMP_QUEUE_PREFIX: 'one.two',
      VWMP_IN_PROCESS_WORKER: 'yes',
      VWMP_UNIFIED_WORKER: 'off',
      VWMP_WORKER_QUEUES: 'webhooks, healing,webhooks',
      VWMP_WORKER_CONCURRENCY: '1',
      VWMP_LEASE: '1.5m',
      VWMP_GRACE_PERIOD: '0',
      VWMP_API_HOST: '0.0.0.0',
      VWMP_API_PORT: '0',
      VWMP_API_AUTH: 'keys',
      VWMP_API_KEYS: `ci:executor:${'a'.repeat(32)}, ops:admin:${'b='.repeat(20)}`,
      VWMP_API_ORIGINS: 'https://tools.example.com http://[::1]:3000',
      VWMP_TRUSTED_PROXIES: '10.0.0.0/8,fd00::/8,127.0.0.1',
      VWMP_API_RATE: 'off',
      VWMP_API_MAX_BODY: '4096',
      VWMP_API_MAX_DEPTH: '8',
      VWMP_API_MAX_STEPS: '5',
      VWMP_METRICS: 'no',
      VWMP_PROBE_PORT: '9090',
      VWMP_SPARE_MEMORY: 'off',
      VWMP_SECRETS_FILE: '/run/secrets',
      VWMP_LOG_FORMAT: 'json',
      VWMP_WORKFLOWS_DIR: '/srv/flows',
      VWMP_ENCRYPTION_KEY: 'k'.repeat(16),
      VWMP_RETENTION_AGE: 'forever',
      VWMP_RETENTION_COUNT: '100',
      VWMP_MEMORY_LOG_INTERVAL: '5m',
      VWMP_LOG_LEVEL: 'debug',
    },
    { cwd },
  );
  expect(warnings).toEqual([]);
  expect(settings).toEqual({
    deploymentMode: 'full',
    database: {
      backend: 'postgresql',
      url: 'postgres://u:p%23@db.example:5433/flows?sslmode=require',
      poolSize: 4,
      synchronous: 'normal',
    },
    queue: {
      backend: 'redis',
      url: 'redis://:a%20b%2F%23%40%3A@[::1]:6380/3',
      prefix: 'one.two',
      limit: 10_000,
      sync: false,
    },
    worker: {
      inProcess: true,
      unified: false,
      queues: ['webhooks', 'healing'],
      concurrency: 1,
      lease: 90_000,
      gracePeriod: 0,
    },
    api: {
      host: '0.0.0.0',
      port: 0,
      auth: 'keys',
      keys: [`ci:executor:${'a'.repeat(32)}`, `ops:admin:${'b='.repeat(20)}`],
      origins: ['https://tools.example.com', 'http://[::1]:3000'],
      trustedProxies: ['10.0.0.0/8', 'fd00::/8', '127.0.0.1'],
      rate: 0,
      maxBody: 4096,
      maxDepth: 8,
      maxSteps: 5,
    },
    metrics: false,
    probePort: 9090,
    spareMemory: false,
    secretsFile: '/run/secrets',
    workflowsDir: '/srv/flows',
    encryptionKey: 'k'.repeat(16),
    memoryLogInterval: 300_000,
    retention: { maxCount: 100 },
    logLevel: 'debug',
    logFormat: 'json',
  });
  expect(decodeURIComponent(new URL(settings.queue.url!).password)).toBe('a b/#@:');
});

test('requests need a key wherever others than this machine reach the API', () => {
  const authOf = (environment: Environment): string => readSettings(environment, { cwd }).settings.api.auth;
  for (const host of ['127.0.0.1', 'localhost', '::1', '127.8.0.9'])
    expect(authOf({ VWMP_API_HOST: host })).toBe('none');
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.example.com', '1270.0.0.1']) {
    expect(authOf({ VWMP_API_HOST: host })).toBe('keys');
    const [problem] = problemsOf({ VWMP_API_HOST: host, VWMP_API_AUTH: 'none' });
    expect(problem).toMatchObject({ variable: 'VWMP_API_AUTH', value: 'none' });
    expect(problem?.message).toContain('vwmp keys create NAME --role admin');
  }
  expect(authOf({ VWMP_API_AUTH: 'keys' })).toBe('keys');
  const [problem] = problemsOf({ VWMP_API_KEYS: `ci:boss:${'s3cret'.repeat(8)}` });
  expect(JSON.stringify(problem)).not.toContain('s3cret');
  expect(problem?.message).toContain('NAME:ROLE:KEY');
});

test.each([
  ['VWMP_DEPLOYMENT_MODE', 'medium', 'lightweight, hybrid or full'],
  ['VWMP_API_PORT', '65536', 'from 0 to 65535'],
  ['VWMP_API_PORT', '-1', 'from 0 to 65535'],
  ['VWMP_API_PORT', '80.5', 'from 0 to 65535'],
  ['VWMP_WORKER_CONCURRENCY', '0', 'from 1 to'],
  ['VWMP_LEASE', '-5s', 'a duration of at least 1s'],
  ['VWMP_LEASE', '10', 'a duration of at least 1s'],
  ['VWMP_GRACE_PERIOD', '10 minutes', 'a duration such as'],
  ['VWMP_MEMORY_LOG_INTERVAL', '1ms', 'or off'],
  ['VWMP_RETENTION_AGE', '-1d', 'or forever'],
  ['VWMP_RETENTION_COUNT', '0', 'or all'],
  ['VWMP_UNIFIED_WORKER', 'maybe', 'true or false'],
  ['VWMP_SQLITE_PATH', ':memory:', 'VWMP_DATABASE_BACKEND=memory'],
  ['VWMP_SQLITE_PATH', 'a\0b', 'the path of a file'],
  ['VWMP_WORKER_QUEUES', 'a/b', 'names of queues'],
  ['VWMP_API_HOST', 'http://localhost', 'name or address'],
])('%s=%s is an error that says what is allowed', (variable, value, allowed) => {
  const [problem, ...others] = problemsOf({ [variable]: value });
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ variable, value, allowed: expect.stringContaining(allowed) });
  expect(problem!.message).toBe(`${variable} is "${value}": use ${problem!.allowed}.`);
});

test('what cannot work together is an error', () => {
  expect(problemsOf({ VWMP_DATABASE_BACKEND: 'postgresql' })[0]?.message).toBe(
    'VWMP_DATABASE_URL is missing, and VWMP_DATABASE_BACKEND is postgresql: set it to postgresql://USER:PASSWORD@HOST:PORT/DATABASE, special characters of the password as %XX.',
  );
  expect(problemsOf({ VWMP_DEPLOYMENT_MODE: 'full' })[0]?.message).toContain('VWMP_DEPLOYMENT_MODE=full');
  expect(problemsOf({ VWMP_QUEUE_BACKEND: 'redis', VWMP_SYNC_PROCESSING: '1' })[0]).toMatchObject({
    variable: 'VWMP_SYNC_PROCESSING',
    value: 'true',
  });
});

test('all problems come at once', () => {
  const found = problemsOf({
    VWMP_DEPLOYMENT_MODE: 'hybrid',
    VWMP_API_PORT: 'x',
    VWMP_LEASE: 'x',
    VWMP_LOG_LEVEL: 'x',
  });
  expect(found.map(({ variable }) => variable).sort()).toEqual([
    'VWMP_API_PORT',
    'VWMP_DATABASE_URL',
    'VWMP_LEASE',
    'VWMP_LOG_LEVEL',
  ]);
});

test.each([
  ['VWMP_DATABASE_URL', 'mysql://root:hunter2@db/x'],
  ['VWMP_DATABASE_URL', 'postgres://root:hunter2#@db/x'],
  ['VWMP_DATABASE_URL', 'hunter2'],
  ['VWMP_REDIS_URL', 'http://:hunter2@db'],
  ['VWMP_REDIS_URL', 'redis+sentinel://:hunter2@a,b:x/main'],
  ['VWMP_ENCRYPTION_KEY', 'hunter2'],
])('a bad %s is not shown', (variable, value) => {
  const [problem] = problemsOf({ [variable]: value });
  expect(problem).toMatchObject({ variable });
  expect(JSON.stringify(problem)).not.toContain('hunter2');
});

test.each(
  ['/', '?', '#', '%'].flatMap((one): [string, string][] => [
    [`postgres://me:p${one}hunter2@db:5432/x`, one],
    // As far as it goes this is a URL, of another host.
    ...(one === '%' ? [] : [[`postgres://me:12${one}hunter2@db:5432/x`, one] as [string, string]]),
    [`redis://:p${one}hunter2@r:6379/0`, one],
    [`redis+sentinel://me:p${one}hunter2@a:1,b:2/m?sentinel_password=x@y`, one],
  ]),
)('of %s what has to be encoded is named', (url, one) => {
  const variable = url.startsWith('redis') ? 'VWMP_REDIS_URL' : 'VWMP_DATABASE_URL';
  const [problem] = problemsOf({ [variable]: url });
  const code = one.charCodeAt(0).toString(16).toUpperCase();
  expect(problem!.message).toMatch(new RegExp(`In its user and password, write "\\${one}" as %${code}\\.$`));
  expect(JSON.stringify(problem)).not.toContain('hunter2');
});

const inUser = 'In its user and password, write';
test.each([
  ['postgres://me:1?x=hunter2@h/db', `${inUser} "?" as %3F, or in its options "@" as %40.`],
  ['postgres://me:?x=hunter2@h/db', `${inUser} "?" as %3F, or in its options "@" as %40.`],
  ['postgres://me:1?$=hunter2@h/db', `${inUser} "?" as %3F, or in its options "@" as %40.`],
  [
    'postgres://h:1/x?options=hunter2@b',
    `${inUser} "/" as %2F and "?" as %3F, or in its options "@" as %40.`,
  ],
  ['postgres://me:p@hunter2/b@h/db', `${inUser} "/" as %2F.`],
  ['postgres://me:p@hunter2#b@h/db', `${inUser} "#" as %23.`],
  ['postgres://me:p@hunter2?b@h/db', `${inUser} "?" as %3F.`],
  ['postgres://me:p@h/hunter2@x', `${inUser} "/" as %2F, or in the name of the database "@" as %40.`],
  ['postgres://h/hunter2@x', `${inUser} "/" as %2F, or in the name of the database "@" as %40.`],
  ['postgres:///hunter2@x?host=/s', 'In the name of the database, write "@" as %40.'],
  ['redis://me:p@hunter2/b@h/1', `${inUser} "/" as %2F.`],
  ['redis+sentinel://me:1,b?x=hunter2@h/main', `${inUser} "?" as %3F, or in its options "@" as %40.`],
  ['redis+sentinel://a:1,b/hunter2@main', `${inUser} "/" as %2F.`],
])('%s may be one of another server, and is refused', (url, hint) => {
  const variable = url.startsWith('redis') ? 'VWMP_REDIS_URL' : 'VWMP_DATABASE_URL';
  const [problem] = problemsOf({ [variable]: url });
  expect(problem!.message.slice(-hint.length - 2)).toBe(`. ${hint}`);
  expect(JSON.stringify(problem)).not.toContain('hunter2');
  expect(hidePassword(url)).not.toMatch(/hunter2|:1\b/);
});

test.each([
  'postgres://me:p%2F%3F%23%25@db/x?options=a@b',
  'postgres://me:p@w&:@db/x',
  'postgres:///x?host=/run/postgresql&user=me@home',
  'postgres://me:p@h/my%40db',
  'postgres://[::1]/x?application_name=a@b',
  'postgres://h:5432/x?application_name=a%40b',
])('%s can be used', (url) => {
  const environment = { VWMP_DATABASE_URL: url, VWMP_DATABASE_BACKEND: 'postgresql' };
  expect(readSettings(environment, { cwd }).settings.database.url).toBe(url);
});

test.each([
  ['redis+sentinel://:hunter2@a/main', 'redis+sentinel://***@a/main'],
  ['redis+sentinel://a:1,b,c:3/main/2', 'redis+sentinel://a:1,b,c:3/main/2'],
  ['redis+sentinel://a:1,b/main?sentinel_password=x@y', 'redis+sentinel://a:1,b/main'],
  [
    'rediss+sentinel://u:hunter2,x@[::1]:1,10.0.0.1,redis-2.redis:3/main?sentinel_password=hunter2',
    'rediss+sentinel://***@[::1]:1,10.0.0.1,redis-2.redis:3/main',
  ],
])('Redis may be known to sentinels: %s', (VWMP_REDIS_URL, shown) => {
  expect(problemsOf({ VWMP_QUEUE_BACKEND: 'redis', VWMP_REDIS_URL })).toEqual([]);
  expect(hidePassword(VWMP_REDIS_URL)).toBe(shown);
});

test('PostgreSQL may be on a socket', () => {
  const VWMP_DATABASE_URL = 'postgresql:///vwmp?host=/run/postgresql';
  expect(problemsOf({ VWMP_DEPLOYMENT_MODE: 'hybrid', VWMP_DATABASE_URL })).toEqual([]);
});

test.each([
  ['postgresql://user:1/hunter2@host/db', '***'],
  ['postgresql:hunter2', '***'],
  ['rediss://hunter2@host:1/2?x=hunter2#hunter2', 'rediss://***@host:1/2'],
  ['redis+sentinel://u:1,hunter2/x@a,b/main', '***'],
])('a password that is not where it belongs is hidden too', (given, shown) => {
  expect(hidePassword(given)).toBe(shown);
});

test('odd combinations are warnings', () => {
  const url = 'postgresql://h/d';
  const redis = { VWMP_QUEUE_BACKEND: 'redis' };
  const postgresql = { VWMP_DATABASE_BACKEND: 'postgresql', VWMP_DATABASE_URL: url };
  const full = { VWMP_DEPLOYMENT_MODE: 'full' };
  for (const odd of [
    redis,
    postgresql,
    { ...full, VWMP_DATABASE_BACKEND: 'sqlite' },
    { ...full, ...postgresql, VWMP_QUEUE_BACKEND: 'memory' },
    { VWMP_DEPLOYMENT_MODE: 'hybrid', VWMP_DATABASE_BACKEND: 'file' },
  ]) {
    expect(warningsOf(odd)).toEqual([expect.stringContaining('That is unusual')]);
  }
  expect(warningsOf({ VWMP_DEPLOYMENT_MODE: 'hybrid', VWMP_DATABASE_BACKEND: 'sqlite' })).toEqual([]);
  expect(warningsOf({ VWMP_DATABASE_BACKEND: 'memory' })).toEqual([]);
  expect(warningsOf({ VWMP_WORKER_QUEUES: 'mails' })).toEqual([
    expect.stringContaining('nobody carries out what is started here'),
  ]);
  expect(warningsOf({ VWMP_WORKER_QUEUES: 'mails,executions' })).toEqual([]);
});

test('a variable that has no effect is a warning', () => {
  expect(warningsOf({ VWMP_REDIS_HOST: 'redis' })).toEqual([
    'VWMP_REDIS_HOST has no effect: it is only used with VWMP_QUEUE_BACKEND=redis and without VWMP_REDIS_URL.',
  ]);
  expect(warningsOf({ VWMP_DATABASE_URL: 'postgresql://h/d' })).toHaveLength(1);
  expect(warningsOf({ VWMP_UNIFIED_WORKER: 'true', VWMP_WORKER_QUEUES: 'executions' })).toHaveLength(1);
  expect(warningsOf({ VWMP_UNIFIED_WORKER: 'false' })).toHaveLength(1);
});

test('an unknown name is a warning with the nearest one; those of others are none', () => {
  expect(warningsOf({ VWMP_SQLITE_PTH: 'x' })).toEqual([
    'There is no setting VWMP_SQLITE_PTH. Did you mean VWMP_SQLITE_PATH?',
  ]);
  expect(warningsOf({ VWMP_: 'x' })).toEqual(['There is no setting VWMP_. docs/settings.md lists them all.']);
  expect(warningsOf({ VWMP_SECRET_TOKEN: 'x', VWMP_ENV_ALLOW: 'HOME', VWMPX: '', HOME: '/' })).toEqual([]);
});

test('.env is read, the environment wins, and an empty value is none', () => {
  const folder = join(cwd, 'with-env');
  mkdirSync(folder);
  writeFileSync(
    join(folder, '.env'),
    '\uFEFFVWMP_API_PORT=1234\nVWMP_API_HOST="::1" # all\nVWMP_LOG_LEVEL=debug\nVWMP_LEASE=\nOTHER=1\n',
  );
  const { settings } = readSettings({ VWMP_LOG_LEVEL: 'error', VWMP_API_HOST: '' }, { cwd: folder });
  expect(settings.api).toMatchObject({ host: '127.0.0.1', port: 1234 });
  expect(settings.logLevel).toBe('error');
  expect(settings.worker.lease).toBe(15_000);
  expect(readSettings({}, { cwd: folder, envFile: false }).settings.api.port).toBe(8080);

  writeFileSync(join(folder, 'other'), 'VWMP_API_PORT=nine\n');
  expect(() => readSettings({}, { cwd: folder, envFile: 'other' })).toThrow(
    `VWMP_API_PORT (in ${join(folder, 'other')}) is "nine"`,
  );
});

test('a named file has to be there, and no file may be a folder', () => {
  expect(() => readSettings({}, { cwd, envFile: 'gone' })).toThrow(
    expect.objectContaining({ code: 'SETTINGS_INVALID', message: expect.stringContaining('is not there') }),
  );
  expect(() => readSettings({}, { cwd: join(cwd, 'no', 'where') })).not.toThrow();
  const folder = join(cwd, 'odd');
  mkdirSync(join(folder, '.env'), { recursive: true });
  expect(() => readSettings({}, { cwd: folder })).toThrow(
    expect.objectContaining({
      code: 'SETTINGS_INVALID',
      message: expect.stringContaining('is a folder'),
      // Whoever shows the details alone names the file, too.
      details: [expect.objectContaining({ message: expect.stringContaining(join(folder, '.env')) })],
    }),
  );
});

test('for secrets only what says where they are is read, and has to be right', () => {
  const read = (environment: Environment) => readSecretSettings(environment, { cwd, envFile: false });
  expect(read({ VWMP_DEPLOYMENT_MODE: 'hybrid', VWMP_API_PORT: 'x', VWMP_SECRETS_FILE: 'mine' })).toEqual({
    database: { backend: 'postgresql' },
    secretsFile: join(cwd, 'mine'),
  });
  expect(read({ VWMP_SQLITE_PATH: 'a/b.db', VWMP_ENCRYPTION_KEY: 'k'.repeat(16) })).toEqual({
    database: { backend: 'sqlite', path: join(cwd, 'a/b.db') },
    secretsFile: join(cwd, '.vwmp/secrets'),
    encryptionKey: 'k'.repeat(16),
  });
  expect(() => read({ VWMP_SQLITE_PATH: ':memory:' })).toThrow(
    expect.objectContaining({ code: 'SETTINGS_INVALID' }),
  );
});
