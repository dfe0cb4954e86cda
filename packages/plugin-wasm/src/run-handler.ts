import { type Schema, Type } from '@vwmp/core/schema';

const duration = (description: string, fallback: string): Schema<string | number> =>
  Type.Unsafe<string | number>({
    description,
    default: fallback,
    anyOf: [
      { type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d)$' },
      { type: 'number', minimum: 0 },
    ],
  });

/** Config of `wasm.run`. */
export interface RunConfig {
  readonly module: string;
  readonly function?: string;
  readonly input?: unknown;
  readonly input_path?: string;
  readonly as?: 'json' | 'text' | 'base64';
  readonly output_path?: string;
  readonly memory_mb?: number;
  readonly timeout?: string | number;
  readonly max_output_bytes?: number;
  readonly fresh?: boolean;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export const runSchema: Schema<RunConfig> = Type.Object({
  module: Type.String({
    minLength: 1,
    description: 'The .wasm file, in the workspace.',
    examples: ['nearest.wasm'],
  }),
  function: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'Exported function to call. A WASI command has `_start` instead.',
      default: 'run',
    }),
  ),
  input: Type.Optional(
    Type.Unknown({ description: 'Text as UTF-8, anything else as JSON. Default: nothing.' }),
  ),
  input_path: Type.Optional(
    Type.String({ minLength: 1, description: 'File of the workspace, instead of an input.' }),
  ),
  as: Type.Optional(
    Type.Enum(['json', 'text', 'base64'], {
      description: 'How the bytes that come out are read.',
      default: 'json',
    }),
  ),
  output_path: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'File of the workspace to write the bytes to, instead of reading them.',
    }),
  ),
  memory_mb: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 2048, description: 'Memory that the module may have.', default: 64 }),
  ),
  timeout: Type.Optional(duration('Ends the module after this time; at most 10m.', '10s')),
  max_output_bytes: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 268_435_456, description: 'Longest output.', default: 16_777_216 }),
  ),
  fresh: Type.Optional(
    Type.Boolean({
      description:
        'Makes an instance for this call alone: it sees nothing of what earlier calls left in memory.',
      default: false,
    }),
  ),
  args: Type.Optional(
    Type.Array(Type.String(), {
      description: 'WASI: arguments, the name of the program first.',
      default: [],
    }),
  ),
  env: Type.Optional(Type.Record(Type.String(), { description: 'WASI: environment.', default: {} })),
}) as Schema<RunConfig>;

export const runOutput: Schema = Type.Object({
  value: Type.Optional(Type.Unknown({ description: 'What came out, unless it was written to a file.' })),
  path: Type.Optional(Type.String({ description: 'From the root of the workspace.' })),
  size: Type.Integer({ description: 'In bytes.' }),
});
