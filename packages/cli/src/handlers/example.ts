import { toYaml } from '../documents/to-yaml.ts';
import { hasDefault } from './properties.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A step that uses a handler, with what its config requires, as YAML. */
export function exampleStep(path: string, config: unknown): string {
  const [, name = path] = path.split('.');
  const id = name.replace(/[^A-Za-z0-9_-]/g, '_');
  const filled = exampleConfig(config);
  return toYaml({
    steps: [{ id, handler: path, ...(Object.keys(filled).length > 0 ? { config: filled } : {}) }],
  });
}

function exampleConfig(schema: unknown): Record<string, unknown> {
  const { properties, required } = (schema ?? {}) as {
    properties?: Record<string, unknown>;
    required?: readonly string[];
  };
  const all = Object.entries(properties ?? {});
  const needed = all.filter(([key, each]) => required?.includes(key) && !hasDefault(each));
  // Where nothing is required an example is still better than none.
  const shown = needed.length > 0 ? needed : all.slice(0, 1);
  return Object.fromEntries(shown.map(([key, each]) => [key, exampleValue(key, each as Schema)]));
}

/** The schema's own example or default, else a value of the right type. */
function exampleValue(key: string, schema: Schema): unknown {
  const { examples, enum: values, type, anyOf } = schema;
  if (Array.isArray(examples) && examples.length > 0) return examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(values) && values.length > 0) return values[0];
  if (Array.isArray(anyOf) && isDuration(anyOf)) return '10s';
  if (Array.isArray(anyOf) && anyOf.length > 0) return exampleValue(key, anyOf[0] as Schema);
  switch (type) {
    case 'number':
    case 'integer':
      return schema.minimum ?? 1 + Number(schema.exclusiveMinimum ?? 0);
    case 'boolean':
      return true;
    case 'array': {
      const items = schema.items as Schema | undefined;
      return [items ? exampleValue(key, items) : '…'];
    }
    case 'object':
      return exampleConfig(schema);
    case 'string':
      return wellKnown[key] ?? '…';
    default:
      return '${parameters.name}';
  }
}

function isDuration(choices: readonly unknown[]): boolean {
  return choices.some((each) => String((each as { pattern?: unknown }).pattern).includes('ms|s|m|h|d'));
}

/** Keys that mean the same in every handler. */
const wellKnown: Readonly<Record<string, string>> = {
  url: 'https://example.test/items',
  path: 'out/report.txt',
  from: 'in/report.txt',
  to: 'out/report.txt',
  content: '${steps.load.output}',
  command: 'echo hello',
  signal: 'paid',
  prompt: 'Deploy to production?',
  workflow: 'nightly-report',
  port: 'large',
  pattern: '**/*.md',
};
