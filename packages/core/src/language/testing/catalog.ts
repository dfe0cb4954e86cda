import type { Catalog, CatalogHandler } from '../catalog.ts';

const text = { type: 'string' };
const object = (properties: Record<string, unknown>, required: string[] = []): CatalogHandler['config'] => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});

const handlers = new Map<string, CatalogHandler>([
  ['core.set', { config: object({ value: {} }) }],
  [
    'core.log',
    { config: object({ message: text, level: { enum: ['debug', 'info', 'warn', 'error'] } }, ['message']) },
  ],
  [
    'core.fail',
    {
      config: object({
        message: text,
        code: text,
        until_attempt: { type: 'integer', minimum: 1 },
        retryable: { type: 'boolean' },
      }),
    },
  ],
  [
    'core.sleep',
    {
      config: object({
        duration: {
          anyOf: [
            { type: 'number', minimum: 0 },
            { type: 'string', pattern: '^\\d+(ms|s|m|h|d)$', examples: ['10s'] },
          ],
        },
        until: text,
      }),
    },
  ],
  [
    'core.switch',
    {
      config: object({
        value: {},
        cases: { type: 'array', items: object({ equals: {}, when: {}, port: text }, ['port']) },
        default: text,
      }),
      ports: (config) => [
        ...(config.cases as { port: string }[]).map((each) => each.port),
        ...(config.default === undefined ? [] : [config.default as string]),
      ],
    },
  ],
  [
    'http.request',
    {
      config: object(
        { url: text, method: { enum: ['GET', 'POST'] }, body: {}, timeout: { type: 'number' } },
        ['url'],
      ),
    },
  ],
  ['test.any', { config: { type: 'object' }, ports: ['yes', 'no'] }],
]);

/** A few handlers for the tests of this folder, alike to the built-in ones. */
export const testCatalog: Catalog = {
  handler: (path) => handlers.get(path),
  handlers: () => handlers.keys(),
  types: () => ['generic', 'release'],
};
