import { defineHandler, type Execute } from '../../plugin/handler.ts';
import { definePlugin, type Plugin } from '../../plugin/plugin.ts';
import { Type } from '../../schema.ts';

/** A plugin `test` whose handlers take any config. */
export function testPlugin(handlers: Record<string, Execute>): Plugin {
  const config = Type.Unsafe<never>({ type: 'object' });
  const entries = Object.entries(handlers).map(([name, execute]) => [
    name,
    defineHandler({
      description: name,
      config,
      ports: ['left', 'right'],
      execute: execute as Execute<never>,
    }),
  ]);
  return definePlugin({ name: 'test', handlers: Object.fromEntries(entries) });
}
