import type { JsonObject } from '../model/json.ts';
import { defineHandler, emit, type Handler } from '../plugin/handler.ts';
import { Type } from '../schema.ts';
import { jsonEqual } from '../values/equal.ts';

const caseSchema = Type.Object({
  equals: Type.Optional(Type.Unknown({ description: 'Matches when the value is this.' })),
  when: Type.Optional(Type.Unknown({ description: 'Matches when this is true.' })),
  port: Type.String({ minLength: 1, description: 'The port that becomes live.' }),
});

/** `core.switch`: makes the port of the first case that matches live; its output is the value. */
export const switchHandler: Handler = defineHandler({
  title: 'Switch',
  description: 'Makes the port of the first case that matches live, or the default one.',
  icon: 'split',
  pure: true,
  config: Type.Object({
    value: Type.Optional(Type.Unknown({ description: 'What "equals" is compared with.' })),
    cases: Type.Array(caseSchema),
    default: Type.Optional(Type.String({ minLength: 1, description: 'The port when no case matches.' })),
  }),
  ports: portsOf,
  execute({ config }) {
    const value = config.value ?? null;
    const match = config.cases.find(
      (entry) => entry.when === true || ('equals' in entry && jsonEqual(entry.equals, value)),
    );
    const port = match?.port ?? config.default;
    return port === undefined ? value : emit(port, value);
  },
});

/** The ports that a config can emit; unknown where a template makes them. */
function portsOf(config: JsonObject): string[] | undefined {
  if (!Array.isArray(config.cases)) return undefined;
  const ports: unknown[] = config.cases.map((entry: unknown) => (entry as { port?: unknown } | null)?.port);
  if (config.default !== undefined) ports.push(config.default);
  return ports.every((port) => typeof port === 'string' && !port.includes('${'))
    ? (ports as string[])
    : undefined;
}
