import { defineHandler, definePlugin, type Handler, type JsonValue, type Plugin } from '@vwmp/core';
import type { Backend, HandlerDescription } from '../backend.ts';
import { createPageBackend } from './page.ts';

/**
 * A backend that executes in the page and calls nothing outside: what `core` offers runs as it is, every other handler gives what
 * its step gave before, or null.
 *
 * @param outputs - by the id of a step
 */
export function createDryRun(
  handlers: readonly HandlerDescription[],
  outputs: Readonly<Record<string, JsonValue>>,
): Backend {
  const byPlugin = new Map<string, Record<string, Handler>>();
  for (const { path, description, config, ports } of handlers) {
    const [plugin = '', name = ''] = path.split('.', 2);
    if (plugin === 'core') continue;
    const own = byPlugin.get(plugin) ?? {};
    byPlugin.set(plugin, own);
    own[name] = defineHandler({
      description,
      config: config as never,
      ...(ports && { ports }),
      execute: ({ step }: { step: { id: string } }) => outputs[step.id] ?? null,
    }) as Handler;
  }
  const plugins = [...byPlugin].map(([name, own]): Plugin => definePlugin({ name, handlers: own }));
  return createPageBackend({ plugins });
}
