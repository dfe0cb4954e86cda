import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeSettings } from './describe-settings.ts';
import { readSettings } from './read-settings.ts';
import type { DeploymentMode, SettingProblem, Settings } from './settings.ts';
import { type Variable, variables } from './variables.ts';

const root = join(import.meta.dirname, '../../../..');
const cwd = '/srv/platform';
const read = (environment: Record<string, string>): ReturnType<typeof readSettings> =>
  readSettings(environment, { cwd, envFile: false });

/** What architecture and docs/settings.md promise. */
const backends: Readonly<Record<DeploymentMode, Pick<Settings['worker'], 'inProcess'> & { of: string }>> = {
  lightweight: { of: 'sqlite memory', inProcess: true },
  hybrid: { of: 'postgresql memory', inProcess: true },
  full: { of: 'postgresql redis', inProcess: false },
};
const modes = Object.keys(backends) as DeploymentMode[];
const backendsOf = ({ database, queue }: Settings): string => `${database.backend} ${queue.backend}`;

const duration = fc
  .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('s', 'm', 'h', 'd'))
  .map((parts) => parts.join(''));
const count = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map(String);
const flag = fc.constantFrom('true', 'false', '1', '0', 'yes', 'no', 'on', 'off', 'TRUE');
const name = fc.stringMatching(/^[a-z][a-z0-9._-]{0,20}$/);

/** Values that do not decide which backends there are. */
const overrides = fc.record(
  {
    VWMP_WORKER_CONCURRENCY: count(1, 10_000),
    VWMP_WORKER_QUEUES: fc.array(name, { minLength: 1, maxLength: 3 }).map((list) => list.join(', ')),
    VWMP_IN_PROCESS_WORKER: flag,
    VWMP_UNIFIED_WORKER: flag,
    VWMP_LEASE: duration,
    VWMP_GRACE_PERIOD: duration,
    VWMP_API_HOST: fc.constantFrom('0.0.0.0', '::', 'localhost'),
    VWMP_API_PORT: count(0, 65_535),
    VWMP_API_AUTH: fc.constant('keys'),
    VWMP_API_RATE: fc.oneof(count(1, 1000), fc.constant('off')),
    VWMP_API_ORIGINS: fc.constantFrom('*', 'https://a.example', 'https://a.example,http://b:8080'),
    VWMP_LOG_FORMAT: fc.constantFrom('pretty', 'json'),
    VWMP_RETENTION_AGE: fc.oneof(duration, fc.constant('forever')),
    VWMP_RETENTION_COUNT: fc.oneof(count(1, 1_000_000), fc.constant('all')),
    VWMP_MEMORY_LOG_INTERVAL: fc.oneof(duration, fc.constant('off')),
    VWMP_LOG_LEVEL: fc.constantFrom('debug', 'info', 'warn', 'error'),
    VWMP_SQLITE_PATH: name,
    VWMP_WORKFLOWS_DIR: name,
    VWMP_POSTGRES_POOL_SIZE: count(1, 1000),
    VWMP_QUEUE_PREFIX: name,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, string>>;

test.each(modes)('.env.%s reads without warnings and gives the backends of its mode', (mode) => {
  const { settings, warnings } = readSettings({}, { cwd: root, envFile: `.env.${mode}` });
  expect(warnings).toEqual([]);
  expect(settings.deploymentMode).toBe(mode);
  expect(backendsOf(settings)).toBe(backends[mode].of);
  expect(settings.worker.inProcess).toBe(backends[mode].inProcess);
});

test("property 7: each mode's settings ask for the matching backends, whatever else is set", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...modes),
      overrides,
      fc.constantFrom('example', 'environment'),
      (mode, more, from) => {
        const example = parseEnv(readFileSync(join(root, `.env.${mode}`), 'utf8')) as Record<string, string>;
        const url: Record<string, string> =
          mode === 'lightweight' ? {} : { VWMP_DATABASE_URL: 'postgresql://h/d' };
        const base = from === 'example' ? example : { VWMP_DEPLOYMENT_MODE: mode, ...url };
        const { settings } = read({ ...base, ...more });
        expect(backendsOf(settings)).toBe(backends[mode].of);
      },
    ),
    { numRuns: 300 },
  );
});

test('what is set on purpose goes before the mode', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...modes),
      fc.constantFrom('sqlite', 'postgresql', 'file', 'memory'),
      fc.constantFrom('memory', 'redis'),
      overrides,
      (mode, database, queue, more) => {
        const { settings, warnings } = read({
          VWMP_DEPLOYMENT_MODE: mode,
          VWMP_DATABASE_BACKEND: database,
          VWMP_DATABASE_URL: 'postgresql://h/d',
          VWMP_QUEUE_BACKEND: queue,
          ...more,
        });
        expect(backendsOf(settings)).toBe(`${database} ${queue}`);
        expect('url' in settings.database).toBe(database === 'postgresql');
        expect('url' in settings.queue).toBe(queue === 'redis');
        if (backendsOf(settings) === backends[mode].of)
          expect(warnings.join()).not.toContain('That is unusual');
      },
    ),
    { numRuns: 300 },
  );
});

test('settings that are shown read as the same settings again', () => {
  fc.assert(
    fc.property(fc.constantFrom('lightweight', 'file', 'memory'), overrides, (backend, more) => {
      const { settings } = read({
        ...(backend !== 'lightweight' && { VWMP_DATABASE_BACKEND: backend }),
        ...more,
      });
      const shown = describeSettings(settings);
      const again = read(Object.fromEntries(shown.map(({ variable, value }) => [variable, value])));
      expect(describeSettings(again.settings)).toEqual(shown);
      expect(again.settings.worker).toEqual(settings.worker);
      expect(again.settings.retention).toEqual(settings.retention);
      expect(again.settings.database.path).toEqual(settings.database.path);
    }),
    { numRuns: 200 },
  );
});

const password = fc
  .string({ minLength: 8, maxLength: 24 })
  .filter((text) => text.trim() === text && !text.includes('\0'))
  .map((text) => `Zq${text}`);

test('no password is ever shown', () => {
  fc.assert(
    fc.property(password, fc.boolean(), (secret, good) => {
      const quoted = encodeURIComponent(secret);
      const environment = {
        VWMP_DEPLOYMENT_MODE: 'full',
        VWMP_DATABASE_URL: `postgresql://user:${good ? quoted : secret}@host/db?password=${quoted}`,
        VWMP_REDIS_PASSWORD: secret,
        VWMP_ENCRYPTION_KEY: secret.padEnd(16, 'x'),
        VWMP_API_PORT: good ? '1' : 'wrong',
      };
      let shown: unknown;
      let isRead = true;
      try {
        const { settings, warnings } = read(environment);
        shown = [describeSettings(settings), warnings];
      } catch (error) {
        isRead = false;
        const { message, details } = error as { message: string; details: unknown };
        shown = [message, details];
      }
      expect(isRead).toBe(good);
      for (const form of [secret, quoted])
        expect(JSON.stringify(shown)).not.toContain(JSON.stringify(form).slice(1, -1));
    }),
    { numRuns: 300 },
  );
});

test('whatever stands in the variables, there are settings or problems that name variables', () => {
  const names = (Object.values(variables) as Variable<unknown>[]).map((variable) => variable.name);
  const anyValue = fc.oneof(fc.string(), duration, flag, fc.integer().map(String), fc.webUrl());
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), anyValue), (environment) => {
      try {
        read(environment);
      } catch (error) {
        const { code, details } = error as { code: string; details: SettingProblem[] };
        expect(code).toBe('SETTINGS_INVALID');
        expect(details.length).toBeGreaterThan(0);
        for (const { variable, allowed } of details) {
          expect(names).toContain(variable);
          expect(allowed).not.toBe('');
        }
      }
    }),
    { numRuns: 500 },
  );
});
