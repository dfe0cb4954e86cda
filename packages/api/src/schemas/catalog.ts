import type { JsonSchema, WorkflowDocument } from '@vwmp/core';
import { type Schema, Type } from '@vwmp/core/schema';
import type {
  HandlerAnswer,
  HandlerSchemaAnswer,
  List,
  SecretAnswer,
  WorkflowTypeAnswer,
} from '../contract/index.ts';
import { listOf, named } from './common.ts';

export const handlerPath: Schema<string> = Type.String({
  pattern: '^[a-z][a-z0-9_-]*\\.[a-z][A-Za-z0-9_-]*$',
  maxLength: 200,
  description: 'Path of the handler: `plugin.name`.',
  examples: ['core.set'],
});

const jsonSchema: Schema<JsonSchema> = Type.Unsafe<JsonSchema>({
  type: ['object', 'boolean'],
  description: 'A JSON Schema.',
});

export const handler: Schema<HandlerAnswer> = named(
  'Handler',
  Type.Object({
    path: Type.String({ examples: ['http.request'] }),
    name: Type.String(),
    description: Type.String(),
    category: Type.String(),
    plugin: Type.String(),
    icon: Type.Optional(Type.String()),
    ports: Type.Optional(
      Type.Array(Type.String(), { description: 'Where they do not depend on the config.' }),
    ),
    config: Type.Optional({ ...jsonSchema, description: 'A JSON Schema; with `include=schemas` only.' }),
    output: Type.Optional({ ...jsonSchema, description: 'A JSON Schema; with `include=schemas` only.' }),
  }),
);
export const handlerList: Schema<List<HandlerAnswer>> = listOf('HandlerList', handler);

export const handlerSchema: Schema<HandlerSchemaAnswer> = named(
  'HandlerSchema',
  Type.Object({ path: Type.String(), config: jsonSchema, output: Type.Optional(jsonSchema) }),
);

export const secretList: Schema<List<SecretAnswer>> = listOf(
  'SecretList',
  named(
    'Secret',
    Type.Object({
      name: Type.String({ description: 'As expressions name it.', examples: ['GITHUB_TOKEN'] }),
    }),
  ),
);

export const workflowType: Schema<WorkflowTypeAnswer> = named(
  'WorkflowType',
  Type.Object({
    name: Type.String(),
    description: Type.String(),
    plugin: Type.Optional(Type.String()),
    icon: Type.Optional(Type.String()),
    templates: Type.Array(
      Type.Object({
        name: Type.String(),
        description: Type.String(),
        document: Type.Unsafe<WorkflowDocument>({ type: 'object' }),
      }),
    ),
  }),
);
export const workflowTypeList: Schema<List<WorkflowTypeAnswer>> = listOf('WorkflowTypeList', workflowType);
