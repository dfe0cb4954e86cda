import type { WorkflowDocument } from '@vwmp/core';
import { type Schema, Type } from '@vwmp/core/schema';
import type { List, StoredWorkflow, ValidationAnswer, WorkflowSummary } from '../contract/index.ts';
import { listOf, named, note, problem, timestamp } from './common.ts';

export const workflowId: Schema<string> = Type.String({
  pattern: '^[a-z0-9][a-z0-9._-]{0,63}$',
  description: 'Id of the workflow.',
  examples: ['nightly-report'],
});

/** Loose: a document is checked by the language, which explains itself better. */
export const document: Schema<WorkflowDocument> = named(
  'Workflow',
  Type.Unsafe<WorkflowDocument>({
    type: 'object',
    description:
      'A workflow document. Its whole schema is `workflow.schema.json` of the package `@vwmp/core`.',
    required: ['name', 'steps'],
    properties: {
      id: { type: 'string' },
      name: { type: 'string' },
      version: { type: 'string' },
      type: { type: 'string' },
      description: { type: 'string' },
      steps: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['id', 'handler'],
          properties: {
            id: { type: 'string' },
            handler: { type: 'string' },
            config: { type: 'object' },
            dependencies: { type: 'array', items: { type: 'string' } },
          },
        },
      },
    },
    examples: [
      {
        id: 'hello',
        name: 'Hello',
        steps: [{ id: 'greet', handler: 'core.set', config: { value: 'Hello' } }],
      },
    ],
  }),
);

const summary = {
  id: Type.String(),
  name: Type.String(),
  type: Type.String(),
  version: Type.String(),
  rev: Type.String({ description: 'Changes whenever the text does; the `ETag` without its quotes.' }),
  updated_at: timestamp,
  problems: Type.Optional(
    Type.Array(problem, { description: 'Why the text is no workflow: it was edited from outside.' }),
  ),
};

const workflowSummary: Schema<WorkflowSummary> = named(
  'WorkflowSummary',
  Type.Object(summary) as unknown as Schema<WorkflowSummary>,
);
export const workflowList: Schema<List<WorkflowSummary>> = listOf('WorkflowList', workflowSummary);

export const storedWorkflow: Schema<StoredWorkflow> = named(
  'StoredWorkflow',
  Type.Object({
    ...summary,
    text: Type.String({ description: 'Exactly what was saved, comments included.' }),
    document: Type.Optional(
      Type.Unsafe<WorkflowDocument>({
        type: 'object',
        description: 'What the text says, older spellings normalised; missing when it cannot be read.',
      }),
    ),
  }) as unknown as Schema<StoredWorkflow>,
);

export const validation: Schema<ValidationAnswer> = named(
  'Validation',
  Type.Object({
    valid: Type.Boolean(),
    problems: Type.Array(problem),
    notes: Type.Array(note),
    id: Type.Optional(Type.String({ description: 'Under which it would be saved.' })),
    document: Type.Optional(Type.Unsafe<WorkflowDocument>({ type: 'object' })),
  }) as unknown as Schema<ValidationAnswer>,
);

export const rev: Schema<string> = Type.String({
  pattern: '^[^\\u0000-\\u001f\\u007f]{1,200}$',
  description: 'A `rev` of the list.',
});
