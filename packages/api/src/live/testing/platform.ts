import {
  defineHandler,
  definePlugin,
  type ExecutionEvent,
  type Plugin,
  type StoredEvent,
  type WorkflowDocument,
} from '@vwmp/core';
import { createMemoryStorage } from '@vwmp/core/memory';
import { createPlatform, type Platform, type PlatformOptions } from '@vwmp/core/platform';
import { type Schema, Type } from '@vwmp/core/schema';
import { readSettings } from '@vwmp/core/settings';
import { createMemoryQueue } from '@vwmp/queue-memory';

/** `test.work` takes some turns of the event loop, and logs each. */
export const testPlugin: Plugin = definePlugin({
  name: 'test',
  handlers: {
    work: defineHandler({
      description: 'Works a little.',
      config: Type.Object({
        turns: Type.Integer(),
        text: Type.Optional(Type.String()),
      }) as Schema<{ turns: number; text?: string }>,
      async execute({ config: { turns, text = 'turn' }, logger, progress }) {
        for (let turn = 1; turn <= turns; turn++) {
          await new Promise((resolve) => setImmediate(resolve));
          logger.info(`${text} ${turn}`);
        }
        progress({ total: turns, completed: turns });
        return { turns };
      },
    }),
  },
});

/** Steps that do something one after the other. */
export function chain(id: string, steps: number, turns = 3): WorkflowDocument {
  return {
    ...{ id, name: id },
    steps: Array.from({ length: steps }, (_, n) => ({
      ...{ id: `s${n}`, handler: 'test.work', config: { turns } },
      ...(n > 0 && { dependencies: [`s${n - 1}`] }),
    })),
  };
}

/** Ends when it gets the signal `go`. */
export const waiting: WorkflowDocument = {
  ...{ id: 'waiting', name: 'waiting' },
  steps: [
    { id: 'wait', handler: 'core.wait', config: { signal: 'go' } },
    { id: 'work', handler: 'test.work', config: { turns: 2 }, dependencies: ['wait'] },
  ],
};

/** Everything in memory, unless something else is given. */
export async function openPlatform(
  options: PlatformOptions = {},
  env: Record<string, string> = {},
): Promise<Platform> {
  const platform = await makePlatform(options, env);
  await platform.open();
  return platform;
}

/** One that has yet to be opened. */
export async function makePlatform(
  options: PlatformOptions = {},
  env: Record<string, string> = {},
): Promise<Platform> {
  const { settings } = readSettings({ VWMP_DATABASE_BACKEND: 'memory', ...env }, { cwd: '/nowhere' });
  return createPlatform(settings, {
    storage: createMemoryStorage(),
    queue: createMemoryQueue(),
    plugins: [testPlugin],
    logger: { log: () => undefined },
    ...options,
  });
}

export async function save(platform: Platform, document: WorkflowDocument): Promise<void> {
  const { id = '', name } = document;
  const draft = { id, name, type: 'generic', version: '0.1.0', text: JSON.stringify(document) };
  await platform.workflows.save(draft, undefined);
}

/** What the store has of an execution. */
export async function stored(platform: Platform, id: string, after = 0): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of platform.storage.executions.events(id, after)) events.push(event);
  return events;
}

const announced = new Set(['step_started', 'log', 'progress', 'compensation_started']);

/** Without what is only announced. */
export function recordedOf(events: readonly ExecutionEvent[]): ExecutionEvent[] {
  return events.filter(({ event }) => !announced.has(event));
}
