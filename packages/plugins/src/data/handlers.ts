import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { fileProperties } from '../file/schemas.ts';
import { defaultMaxBytes, formatProperties, formatSchema, writeProperties } from './schemas.ts';

const maxBytes = Type.Optional(
  Type.Integer({ minimum: 0, description: 'Longest text, in bytes.', default: defaultMaxBytes }),
);
const target = Type.Optional(
  Type.String({
    minLength: 1,
    description: 'File of the workspace to write to; default: the text is the output.',
  }),
);
const written = {
  text: Type.Optional(Type.String({ description: 'Without a path.' })),
  path: Type.Optional(fileProperties.path),
  size: Type.Integer({ description: 'In bytes.' }),
};

/** `data.parse`: text to values. */
export const parse: Handler = defineHandler({
  title: 'Parse data',
  description: 'Reads CSV, JSON Lines, JSON or XML, from a text or a file.',
  category: 'data',
  icon: 'table',
  config: Type.Object({
    format: formatSchema,
    text: Type.Optional(Type.String({ description: 'The text.' })),
    path: Type.Optional(
      Type.String({ minLength: 1, description: 'File of the workspace, instead of a text.' }),
    ),
    ...formatProperties,
    limit: Type.Optional(Type.Integer({ minimum: 0, description: 'Records to read.', default: 100_000 })),
    max_bytes: maxBytes,
  }),
  output: Type.Object({
    value: Type.Unknown({
      description: 'List of records; for XML without record the document.',
    }),
    count: Type.Integer({ description: 'Records.' }),
    truncated: Type.Boolean({ description: 'There are more than limit.' }),
  }),
  load: () => import('./parse.ts'),
});

/** `data.format`: values to text. */
export const format: Handler = defineHandler({
  title: 'Format data',
  description: 'Writes records as CSV, JSON Lines, JSON or XML, to a text or a file.',
  category: 'data',
  icon: 'table',
  config: Type.Object({
    format: formatSchema,
    value: Type.Array(Type.Unknown(), { description: 'The records.' }),
    path: target,
    ...formatProperties,
    ...writeProperties,
  }),
  output: Type.Object({ ...written, count: Type.Integer({ description: 'Records.' }) }),
  load: () => import('./format.ts'),
});

/** `data.convert`: a file of any size to another format. */
export const convert: Handler = defineHandler({
  title: 'Convert data',
  description: 'Writes a file of any size in another format, record by record, in little memory.',
  category: 'data',
  icon: 'arrow-right-left',
  config: Type.Object({
    from: Type.Object(
      { path: Type.String({ minLength: 1 }), format: formatSchema, ...formatProperties },
      { description: 'What to read; for xml, record has to be given.' },
    ),
    to: Type.Object(
      { path: Type.String({ minLength: 1 }), format: formatSchema, ...formatProperties, ...writeProperties },
      { description: 'What to write. With columns, only these.' },
    ),
  }),
  output: Type.Object({ ...fileProperties, count: Type.Integer({ description: 'Records.' }) }),
  load: () => import('./convert.ts'),
});

/** `data.template`: text with values in it. */
export const template: Handler = defineHandler({
  title: 'Render template',
  description:
    'Fills a Mustache template: {{name}}, {{#list}}…{{/list}}, {{^empty}}…{{/empty}}. It has no code.',
  category: 'data',
  icon: 'file-text',
  config: Type.Object({
    template: Type.Optional(Type.String({ maxLength: 1_048_576, description: 'The template.' })),
    template_path: Type.Optional(
      Type.String({ minLength: 1, description: 'File of the workspace with the template, instead.' }),
    ),
    values: Type.Record(Type.Unknown(), { description: 'What the names in the template stand for.' }),
    partials: Type.Optional(
      Type.Record(Type.String(), { description: 'Templates for {{> name}}.', default: {} }),
    ),
    escape: Type.Optional(
      Type.Enum(['html', 'none'], {
        description: 'How values are written; {{{name}}} never escapes.',
        default: 'html',
      }),
    ),
    path: target,
  }),
  output: Type.Object(written),
  load: () => import('./template.ts'),
});
