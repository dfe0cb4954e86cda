import { type OptionalSchema, type Schema, Type } from '@vwmp/core/schema';

export const formatSchema: Schema<'csv' | 'jsonl' | 'json' | 'xml'> = Type.Enum(
  ['csv', 'jsonl', 'json', 'xml'],
  {
    description: 'csv, jsonl (a JSON value a line), json or xml.',
  },
);

/** What is said about a format, besides its name. */
export const formatProperties: {
  readonly columns: OptionalSchema<readonly string[] | false>;
  readonly delimiter: OptionalSchema<string>;
  readonly record: OptionalSchema<string>;
} = {
  columns: Type.Optional(
    Type.Union([Type.Array(Type.String(), { minItems: 1, maxItems: 10_000 }), Type.Literal(false)], {
      description:
        'CSV: names of the columns; false for rows as lists. Default: the header when read, the fields of the first record when written.',
    }),
  ) as OptionalSchema<readonly string[] | false>,
  delimiter: Type.Optional(
    Type.String({
      pattern: '^[^"\\r\\n\\uFEFF]$',
      description: 'CSV: what stands between two fields.',
      default: ',',
    }),
  ),
  record: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description:
        'XML: name of the elements that are the records. Default: the document when read, "record" when written.',
    }),
  ),
};

export const writeProperties: {
  readonly root: OptionalSchema<string>;
  readonly escape_formulas: OptionalSchema<boolean>;
} = {
  root: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'XML: name of the element around all.',
      default: 'records',
    }),
  ),
  escape_formulas: Type.Optional(
    Type.Boolean({
      description: 'CSV: puts an apostrophe before text that a spreadsheet would take for a formula.',
      default: false,
    }),
  ),
};

/** Longest text that is read or written as a whole. */
export const defaultMaxBytes: number = 10 * 1024 * 1024;
/** Characters of one record. */
export const maxRecord: number = 1024 * 1024;
