import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { defaultMaxPayload } from '../engine/options.ts';
import { hasCode, VwmpError } from '../errors.ts';
import type { EventOf } from '../model/event.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Handler } from '../plugin/handler.ts';
import type { SecretSource } from '../ports/secret-source.ts';
import { toJson } from '../values/index.ts';
import { FakeClock } from './fake-clock.ts';
import { TestEngine } from './test-engine.ts';

export interface RunHandlerOptions {
  /** What lies in the workspace, by path. */
  files?: Readonly<Record<string, string | Uint8Array>>;
  /** A folder of your own instead of a temporary one; it stays. */
  workspace?: string;
  secrets?: Readonly<Record<string, string>> | SecretSource;
  /** What a handler that waits is sent, by name of the signal. */
  signals?: Readonly<Record<string, JsonValue>>;
  /** Aborting it cancels the handler. */
  signal?: AbortSignal;
  /** @defaultValue a new one, which skips time */
  clock?: FakeClock;
}

/** What came of a handler. */
export interface HandlerRun {
  readonly output: JsonValue;
  /** The named port that it emitted. */
  readonly port?: string;
  readonly logs: readonly Pick<EventOf<'log'>, 'level' | 'message' | 'data'>[];
  readonly progress: readonly Pick<EventOf<'progress'>, 'total' | 'completed' | 'failed' | 'message'>[];
  /** The text files that lay in the temporary workspace at the end, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Calls one handler as the engine does: its config is checked and filled with defaults, its output must be JSON, secrets are
 * replaced by `***`, and its workspace is removed afterwards.
 *
 * @param config - as it is: `${…}` stands for itself
 * @throws CONFIG_INVALID with all problems in `details`; VALUE_INVALID for a signal with no JSON form; what the handler failed with
 *
 * @example
 * ```ts
 * const { output, files } = await runHandler(count, { path: 'a.txt' }, { files: { 'a.txt': 'one two' } });
 * ```
 */
export async function runHandler(
  handler: Handler,
  config: object = {},
  {
    files = {},
    workspace,
    secrets = {},
    signals = {},
    signal,
    clock = new FakeClock(),
  }: RunHandlerOptions = {},
): Promise<HandlerRun> {
  // Before there is anything to clean up: a handler would go on in a folder that is removed.
  const sent = Object.entries(signals).map(
    ([name, payload]) => [name, toJson(payload, { maxBytes: defaultMaxPayload })] as const,
  );
  const folder = workspace ?? (await mkdtemp(join(tmpdir(), 'vwmp-test-')));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const logs: EventOf<'log'>[] = [];
    const progress: EventOf<'progress'>[] = [];
    const engine = new TestEngine({
      plugins: [{ name: 'tested', handlers: { handler } }],
      workspace: folder,
      secrets: isSource(secrets) ? secrets : new Map(Object.entries(secrets)),
      clock,
    });
    const handle = await engine
      .startWorkflow(
        { name: 'Test', steps: [{ id: 'handler', handler: 'tested.handler', config: literal(config) }] },
        {},
        {
          ...(signal ? { signal } : {}),
          observers: [{ onLog: (event) => logs.push(event), onProgress: (event) => progress.push(event) }],
        },
      )
      .catch((error: unknown) => {
        throw hasCode(error, 'DOCUMENT_INVALID') ? configError(error as VwmpError) : error;
      });
    for (const [name, payload] of sent)
      await engine.signal(handle.id, name, payload).catch((error: unknown) => {
        // It has ended without waiting: what came of it says why.
        if (!hasCode(error, 'EXECUTION_NOT_FOUND')) throw error;
      });
    const execution = await engine.finish(handle);
    const step = execution.steps.handler!;
    const failed = step.error ?? (step.status === 'success' ? undefined : execution.error);
    if (failed) throw new VwmpError(failed.code, failed.message, failed);
    return {
      output: step.output ?? null,
      ...(step.port === undefined ? {} : { port: step.port }),
      logs: logs.map(({ level, message, data }) => ({ level, message, data })),
      progress: progress.map(({ total, completed, failed, message }) => ({
        total,
        completed,
        failed,
        message,
      })),
      files: workspace === undefined ? await readAll(folder) : {},
    };
  } finally {
    if (workspace === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** A secret may be called "get". */
function isSource(secrets: Readonly<Record<string, string>> | SecretSource): secrets is SecretSource {
  return typeof secrets.get === 'function';
}

/** Nothing in it is an expression. */
function literal(config: object): JsonObject {
  return JSON.parse(JSON.stringify(config), (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('${', () => '$${') : value,
  ) as JsonObject;
}

function configError({ message, details }: VwmpError): VwmpError {
  const reason = message.replace(/^.*\n/, '').replaceAll(/steps\.handler\.config\.?/g, 'config.');
  return new VwmpError('CONFIG_INVALID', `The config is not valid:\n${reason}`, {
    details,
    retryable: false,
  });
}

async function readAll(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name);
    files[relative(folder, file).replaceAll(sep, '/')] = await readFile(file, 'utf8');
  }
  return files;
}
