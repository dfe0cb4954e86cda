import type { JsonSchema } from '../model/json.ts';
import { documentShape } from './document-shape.ts';
import { durationPattern } from './duration.ts';
import { shapeSchema } from './shape-schema.ts';

/**
 * The JSON Schema (2020-12) of a workflow document, for completion and hints in editors. It accepts
 * every valid document; what it cannot say (cycles, names, expressions) `validateWorkflow` does.
 */
export const workflowSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://raw.githubusercontent.com/vwmp/vwmp/main/packages/core/schema/workflow.schema.json',
  title: 'VWMP workflow',
  ...shapeSchema(documentShape),
  $defs: {
    duration: {
      description: '"250ms", "10s", "5m", "2h", "1d", or a number of milliseconds.',
      anyOf: [
        { type: 'string', pattern: durationPattern },
        { type: 'number', minimum: 0 },
      ],
    },
  },
};
