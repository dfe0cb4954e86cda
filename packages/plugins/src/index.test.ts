import { describe, expect, it } from 'vitest';
import { plugins } from './index.ts';

const handlers = plugins.flatMap(({ name, handlers = {} }) =>
  Object.entries(handlers).map(([key, handler]) => ({ path: `${name}.${key}`, handler })),
);

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

describe('plugins', () => {
  it('have names of their own', () => {
    expect(new Set(plugins.map(({ name }) => name)).size).toBe(plugins.length);
  });

  it.each(handlers)('$path says what it is, and of each field of its form what it means', ({ handler }) => {
    expect(handler).toMatchObject({
      title: expect.any(String) as string,
      description: expect.any(String) as string,
      category: expect.any(String) as string,
      icon: expect.stringMatching(/^[a-z0-9-]+$/) as string,
    });
    const { properties = {} } = handler.config as JsonSchema;
    for (const [name, field] of Object.entries(properties)) expect(field.description, name).toBeTruthy();
    expect(handler.output).toBeDefined();
  });

  it.each(handlers)('$path loads its code', async ({ handler }) => {
    expect(await handler.load?.()).toMatchObject({ execute: expect.any(Function) as () => void });
  });
});
