import { defineHandler, definePlugin, type Execute, type Plugin, type WorkflowDocument } from '@vwmp/core';
import { createMemoryEventBus, createMemoryStorage } from '@vwmp/core/memory';
import { createPlatform, type Platform, type PlatformOptions } from '@vwmp/core/platform';
import type { EventBus, ExecutionStore, Storage } from '@vwmp/core/ports';
import { Type } from '@vwmp/core/schema';
import { readSettings, type Settings } from '@vwmp/core/settings';
import { FakeClock } from '@vwmp/core/testing';
import { createMemoryQueue } from '@vwmp/queue-memory';

/** What several platforms of one test share. */
export interface MemoryPlace {
  clock: FakeClock;
  storage: Storage;
  bus: EventBus;
  opened: Platform[];
}

export function createMemoryPlace(): MemoryPlace {
  const clock = new FakeClock();
  return { clock, storage: createMemoryStorage({ clock }), bus: createMemoryEventBus(), opened: [] };
}

/** Closing one platform must not close what the others share. */
export function shared<T extends { close(): Promise<void> }>(part: T): T {
  return { ...part, close: async () => {} };
}

export interface Changes extends PlatformOptions {
  worker?: Partial<Settings['worker']>;
  /** What the settings say of the queue: one that processes share, or one of each. @defaultValue 'memory' */
  queueBackend?: Settings['queue']['backend'];
}

export async function openOver(
  place: MemoryPlace,
  { worker = {}, queueBackend = 'memory', ...options }: Changes = {},
): Promise<Platform> {
  const { clock } = place;
  const { settings } = readSettings(
    { VWMP_DATABASE_BACKEND: 'memory', VWMP_LEASE: '15s' },
    { cwd: '/nowhere' },
  );
  settings.encryptionKey = 'a long and random text';
  Object.assign(settings.worker, worker);
  settings.queue.backend = queueBackend;
  const platform = await createPlatform(settings, {
    clock,
    storage: shared(place.storage),
    bus: shared(place.bus),
    queue: createMemoryQueue({ clock }),
    logger: { log: () => {} },
    ...options,
  });
  place.opened.push(platform);
  await platform.open();
  return platform;
}

export function testPlugin(handlers: Record<string, Execute>): Plugin {
  const config = Type.Unsafe<never>({ type: 'object' });
  const entries = Object.entries(handlers).map(([name, execute]) => [
    name,
    defineHandler({ description: name, config, execute: execute as Execute<never> }),
  ]);
  return definePlugin({ name: 'test', handlers: Object.fromEntries(entries) });
}

export function workflow(
  steps: WorkflowDocument['steps'],
  rest: Partial<WorkflowDocument> = {},
): WorkflowDocument {
  return { id: 'w', name: 'w', ...rest, steps };
}

/** Adds 1 to what the signal `go` brings. */
export const waiting: WorkflowDocument = workflow([
  { id: 'before', handler: 'core.set', config: { value: 1 } },
  { id: 'wait', handler: 'core.wait', config: { signal: 'go' }, dependencies: ['before'] },
  { id: 'after', handler: 'core.set', config: { value: '${steps.wait.output + 1}' }, dependencies: ['wait'] },
]);

export async function save(place: MemoryPlace, document: WorkflowDocument): Promise<void> {
  const { id = 'w', name } = document;
  const text = JSON.stringify(document);
  await place.storage.open();
  await place.storage.workflows.save({ id, name, type: 'generic', version: '0.1.0', text }, undefined);
}

/** Waits until something holds, letting everything else have its turn. The limit only ends what hangs. */
export async function until(holds: () => boolean | Promise<boolean>, limit = 20_000): Promise<void> {
  const end = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('It never came true.');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export async function statusOf(place: MemoryPlace, id: string): Promise<string | undefined> {
  return (await place.storage.executions.get(id))?.status;
}

export async function ended(place: MemoryPlace, id: string, limit?: number): Promise<void> {
  await until(async () => (await place.storage.executions.get(id))?.completed_at !== undefined, limit);
}

/** Changes one method of a store that platforms share. */
export function change<K extends keyof ExecutionStore>(
  { storage: { executions } }: MemoryPlace,
  method: K,
  by: (original: ExecutionStore[K]) => ExecutionStore[K],
): void {
  executions[method] = by(executions[method]);
}
