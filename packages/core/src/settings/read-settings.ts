import { VwmpError } from '../errors.ts';
import { createSuggester } from '../language/nearest.ts';
import { checkTogether, isLoopback } from './check-together.ts';
import { readEnvFile } from './read-env-file.ts';
import type { SettingProblem, Settings } from './settings.ts';
import { otherVariables, type Values, type Variable, variables } from './variables.ts';

/** Variables as the environment has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What {@link readSettings} needs besides the environment. */
export interface ReadSettingsOptions {
  /** Where relative paths begin, and where `.env` is. */
  cwd: string;
  /** Another file of variables, which then has to be there; false reads none. @defaultValue `.env` in `cwd`, if any */
  envFile?: string | false;
}

/** What {@link readSettings} gives. */
export interface ReadSettings {
  settings: Settings;
  /** What can work and probably is not what was meant, for people. */
  warnings: string[];
}

/**
 * Reads the settings of a platform from variables that begin with `VWMP_`, and from a `.env` file for those that the
 * environment does not have. An empty value counts as none.
 *
 * @throws SETTINGS_INVALID whose `details` are all problems at once, as {@link SettingProblem}
 * @example
 * ```ts
 * const { settings, warnings } = readSettings(process.env, { cwd: process.cwd() });
 * ```
 */
export function readSettings(environment: Environment, options: ReadSettingsOptions): ReadSettings {
  const { resolve } = process.getBuiltinModule('node:path');
  const { cwd } = options;
  // The mode goes first: it decides what the others are when they are not given.
  const keys = Object.keys(variables) as (keyof Values)[];
  const { values: read, given, problems, fromFile } = readValues(keys, environment, options);
  const warnings: string[] = [];
  checkTogether(read, given, problems, warnings);
  warnings.push(...unknownNames({ ...fromFile, ...environment }));
  refuse(problems);
  return { settings: toSettings(read, (path) => resolve(cwd, path)), warnings };

  function toSettings(value: Values, absolute: (path: string) => string): Settings {
    const { databaseBackend: backend, workflowsDir, encryptionKey, retentionAge, retentionCount } = value;
    return {
      deploymentMode: value.mode,
      database: {
        backend,
        ...(backend === 'postgresql' && { url: value.databaseUrl }),
        ...pathOf(value, absolute),
        poolSize: value.postgresPoolSize,
        synchronous: value.sqliteSynchronous,
        ...(value.sqliteDriver !== undefined && { driver: value.sqliteDriver }),
      },
      queue: {
        backend: value.queueBackend,
        ...(value.queueBackend === 'redis' && { url: value.redisUrl ?? redisUrl(value) }),
        prefix: value.queuePrefix,
        limit: value.queueLimit,
        sync: value.syncProcessing,
      },
      worker: {
        inProcess: value.inProcessWorker,
        unified: value.unifiedWorker && value.workerQueues.length === 0,
        queues: value.workerQueues,
        concurrency: value.workerConcurrency,
        lease: value.lease,
        gracePeriod: value.gracePeriod,
      },
      api: {
        host: value.apiHost,
        port: value.apiPort,
        auth: value.apiAuth ?? (isLoopback(value.apiHost) ? 'none' : 'keys'),
        keys: value.apiKeys,
        origins: value.apiOrigins,
        trustedProxies: value.trustedProxies,
        rate: value.apiRate,
        maxBody: value.apiMaxBody,
        maxDepth: value.apiMaxDepth,
        maxSteps: value.apiMaxSteps,
      },
      metrics: value.metrics,
      probePort: value.probePort,
      spareMemory: value.spareMemory,
      secretsFile: absolute(value.secretsFile),
      ...(workflowsDir !== undefined && { workflowsDir: absolute(workflowsDir) }),
      ...(encryptionKey !== undefined && { encryptionKey }),
      memoryLogInterval: value.memoryLogInterval,
      retention: {
        ...(Number.isFinite(retentionAge) && { maxAge: retentionAge }),
        ...(Number.isFinite(retentionCount) && { maxCount: retentionCount }),
      },
      logLevel: value.logLevel,
      logFormat: value.logFormat,
    };
  }
}

/** What has to be known to open the file of secrets. */
export type SecretSettings = Pick<Settings, 'secretsFile' | 'encryptionKey'> & {
  database: Pick<Settings['database'], 'backend' | 'path'>;
};

/**
 * Reads only what has to be known to open the file of secrets: nothing else need be right, or there.
 *
 * @throws SETTINGS_INVALID as {@link readSettings} does
 */
export function readSecretSettings(environment: Environment, options: ReadSettingsOptions): SecretSettings {
  const { resolve } = process.getBuiltinModule('node:path');
  const keys = ['mode', 'databaseBackend', 'sqlitePath', 'filePath', 'encryptionKey', 'secretsFile'] as const;
  const { values, problems } = readValues(keys, environment, options);
  refuse(problems);
  const { databaseBackend: backend, encryptionKey } = values;
  return {
    database: { backend, ...pathOf(values, (path) => resolve(options.cwd, path)) },
    secretsFile: resolve(options.cwd, values.secretsFile),
    ...(encryptionKey !== undefined && { encryptionKey }),
  };
}

function pathOf(
  {
    databaseBackend: backend,
    sqlitePath,
    filePath,
  }: Pick<Values, 'databaseBackend' | 'sqlitePath' | 'filePath'>,
  absolute: (path: string) => string,
): Pick<Settings['database'], 'path'> {
  if (backend === 'sqlite') return { path: absolute(sqlitePath) };
  return backend === 'file' ? { path: absolute(filePath) } : {};
}

interface ReadValues<K extends keyof Values> {
  values: Pick<Values, K>;
  /** What is not left to its standard. */
  given: Set<keyof Values>;
  problems: SettingProblem[];
  /** All variables of the file. */
  fromFile: Environment;
}

/** Reads some variables, in the order given. */
function readValues<const Keys extends readonly (keyof Values)[]>(
  keys: Keys,
  environment: Environment,
  { cwd, envFile }: ReadSettingsOptions,
): ReadValues<Keys[number]> {
  const { resolve } = process.getBuiltinModule('node:path');
  const file = envFile === false ? undefined : resolve(cwd, envFile ?? '.env');
  const fromFile = file === undefined ? {} : readEnvFile(file, envFile !== undefined);
  const problems: SettingProblem[] = [];
  const given = new Set<keyof Values>();
  const values: Partial<Values> = {};
  const readOne = <K extends keyof Values>(key: K): void => {
    const variable = variables[key] as Variable<Values[K]>;
    const { name, kind } = variable;
    const inFile = environment[name] === undefined && fromFile[name] !== undefined;
    const text = (inFile ? fromFile[name] : environment[name])?.trim() ?? '';
    const value = text === '' ? undefined : kind.read(text);
    if (value !== undefined) {
      given.add(key);
      values[key] = value;
      return;
    }
    // What others are checked against is there even after a mistake.
    values[key] = variable.standard?.(values.mode ?? 'lightweight');
    if (text === '') return;
    given.add(key);
    const where = inFile ? `${name} (in ${file})` : name;
    const hint = kind.hint?.(text);
    problems.push({
      variable: name,
      ...(variable.secret ? {} : { value: cut(text) }),
      allowed: kind.allowed,
      message: variable.secret
        ? `${where} cannot be used: it has to be ${kind.allowed}.${hint === undefined ? '' : ` ${hint}`}`
        : `${where} is "${cut(text)}": use ${kind.allowed}.`,
    });
  };
  for (const key of keys) readOne(key);
  return { values: values as Values, given, problems, fromFile };
}

function refuse(problems: readonly SettingProblem[]): void {
  if (problems.length === 0) return;
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const list = problems.map(({ message }) => message).join(' ');
  throw new VwmpError('SETTINGS_INVALID', `The settings have ${count}. ${list}`, {
    details: problems,
    retryable: false,
  });
}

function redisUrl({ redisHost, redisPort, redisDb, redisPassword }: Values): string {
  const user = redisPassword === undefined ? '' : `:${encodeURIComponent(redisPassword)}@`;
  const host = redisHost.includes(':') && !redisHost.startsWith('[') ? `[${redisHost}]` : redisHost;
  return `redis://${user}${host}:${redisPort}/${redisDb}`;
}

/** Warns of names that nothing reads: mostly typing mistakes, whose variable would silently keep its default. */
function unknownNames(given: Environment): string[] {
  const names = Object.values(variables).map(({ name }) => name);
  const suggester = createSuggester();
  const warnings: string[] = [];
  for (const name of Object.keys(given)) {
    if (!name.startsWith('VWMP_') || names.includes(name)) continue;
    if (otherVariables.some(({ form }) => form.test(name))) continue;
    const suggestion = suggester.nearest(name, names);
    const hint =
      suggestion === undefined ? 'docs/settings.md lists them all.' : `Did you mean ${suggestion}?`;
    warnings.push(`There is no setting ${cut(name)}. ${hint}`);
  }
  return warnings;
}

/** A value may be a whole file that was pasted by mistake. */
function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
