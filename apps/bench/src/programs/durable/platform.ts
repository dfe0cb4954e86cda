import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JsonObject, Plugin, WorkflowDocument } from '@vwmp/core';

type CorePlatform = typeof import('@vwmp/core/platform');
type CoreSettings = typeof import('@vwmp/core/settings');
export type Platform = Awaited<ReturnType<CorePlatform['createPlatform']>>;
export type PlatformOptions = NonNullable<Parameters<CorePlatform['createPlatform']>[1]>;

const require = createRequire(join(process.cwd(), 'x.js'));

/** Imports what is installed in the folder that the program runs in. */
export async function importInstalled<T>(name: string): Promise<T> {
  const subpath = /^@vwmp\/core\/(.+)$/.exec(name)?.[1];
  const file =
    subpath === undefined
      ? require.resolve(name)
      : join(process.cwd(), 'node_modules/@vwmp/core/dist', `${subpath}.js`);
  return (await import(pathToFileURL(file).href)) as T;
}

/** Opens a platform as its user would: by settings. */
export async function openPlatform(
  environment: Readonly<Record<string, string>>,
  options: PlatformOptions = {},
): Promise<Platform> {
  const { createPlatform } = await importInstalled<CorePlatform>('@vwmp/core/platform');
  const { readSettings } = await importInstalled<CoreSettings>('@vwmp/core/settings');
  const { settings } = readSettings(environment, { cwd: process.cwd() });
  const platform = await createPlatform(settings, { from: process.cwd(), ...options });
  await platform.open();
  return platform;
}

/** A handler like those of users: it may have an effect, so that its outcome is on disk before the next one starts. */
export function effectPlugin({ defineHandler, definePlugin }: typeof import('@vwmp/core')): Plugin {
  const echo = defineHandler({
    description: 'Gives back a value.',
    config: { type: 'object' } as never,
    execute: ({ config }: { config: { value: unknown } }) => config.value,
  });
  return definePlugin({ name: 'bench', handlers: { echo } });
}

/** Three steps in a row, each reading the one before: five recorded events. */
export function threeSteps(handler: 'bench.echo' | 'core.set'): WorkflowDocument {
  return {
    id: 'three-steps',
    name: 'Three steps',
    parameters: [{ name: 'order', type: 'object' }],
    output: { total: '${steps.total.output}' },
    steps: [
      { id: 'read', handler, config: { value: '${parameters.order.items}' } },
      {
        id: 'count',
        handler,
        dependencies: ['read'],
        config: { value: '${size(steps.read.output)}' },
      },
      {
        id: 'total',
        handler,
        dependencies: ['count'],
        config: { value: '${steps.count.output * 2}' },
      },
    ],
  };
}

export const order: JsonObject = { id: 'o-1', customer: 'Ana Example', items: ['a', 'b', 'c'] };
