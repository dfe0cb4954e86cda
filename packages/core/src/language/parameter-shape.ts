import { isRecord } from './path.ts';
import type { ObjectShape, Shape } from './shape.ts';

/** The types of parameters. */
export const parameterTypes: readonly string[] = [
  'string',
  'text',
  'number',
  'integer',
  'boolean',
  'enum',
  'array',
  'object',
  'secret',
];

const labelled: Shape = {
  type: 'object',
  noun: 'an option',
  description: 'A value with a label.',
  required: ['value'],
  keys: {
    value: { type: 'anything', description: 'The value.' },
    label: { type: 'text', description: 'What people see.' },
  },
};
const bare: Shape = { type: 'anything', description: 'The value itself.' };

/** True for an option that is written with a label and not as its mere value. */
export function isLabelledOption(option: unknown): boolean {
  return isRecord(option) && 'value' in option;
}

/** The form of a parameter's declaration. */
export const parameterShape: ObjectShape = {
  type: 'object',
  noun: 'a parameter',
  description: 'A value that an execution is given.',
  required: ['name', 'type'],
  keys: {
    name: {
      type: 'text',
      description: 'Identifier, read as `${parameters.NAME}`.',
      pattern: '[A-Za-z_][A-Za-z0-9_]*',
      expected: 'an identifier of letters, digits and "_" that does not begin with a digit',
    },
    type: { type: 'word', words: parameterTypes, description: 'Type; a secret is never stored or shown.' },
    required: { type: 'boolean', description: 'Whether it has to be given. True when there is no default.' },
    default: { type: 'anything', description: 'Value when it is not given.' },
    label: { type: 'text', description: 'What people see.' },
    description: { type: 'text', description: 'What it is for.' },
    options: {
      type: 'list',
      minimum: 1,
      description: 'Allowed values, each alone or with a label.',
      items: {
        type: 'choice',
        description: 'An allowed value.',
        expected: 'a value',
        of: [labelled, bare],
        select: (value) => (isLabelledOption(value) ? labelled : bare),
      },
    },
    validation: { type: 'schema', description: 'JSON Schema 2020-12 keywords that the value must satisfy.' },
  },
};
