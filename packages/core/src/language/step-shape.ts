import type { ObjectShape, Shape } from './shape.ts';
import { stepIdPattern } from './step-id.ts';

const stepConfig: Shape = {
  type: 'mapping',
  description: 'Input of the handler. Templates `${…}` are filled in before it is checked.',
  default: {},
};

const when: Shape = { type: 'text', description: 'An expression.' };
const fixed: Shape = { type: 'boolean', description: 'Always or never.' };
const expression: Shape = { type: 'text', description: 'An expression that gives a list.' };
const items: Shape = {
  type: 'list',
  description: 'The items.',
  items: { type: 'anything', description: 'An item.' },
};

const retry: ObjectShape = {
  type: 'object',
  noun: 'a retry policy',
  description: 'Whether and when a failed attempt is repeated.',
  keys: {
    attempts: {
      type: 'number',
      integer: true,
      minimum: 1,
      default: 1,
      description: 'In total, the first included.',
    },
    delay: { type: 'duration', default: '1s', description: 'Before the second attempt.' },
    backoff: {
      type: 'word',
      words: ['fixed', 'exponential'],
      default: 'fixed',
      description: 'How delays grow.',
    },
    factor: { type: 'number', minimum: 1, default: 2, description: 'By which an exponential delay grows.' },
    max: { type: 'duration', default: '1h', description: 'No delay is longer.' },
    jitter: { type: 'boolean', default: false, description: 'Spreads each delay over its upper half.' },
    on: {
      type: 'list',
      description: 'Only errors with these codes are retried; any when missing.',
      items: { type: 'text', description: 'Code of an error.', examples: ['HTTP_SERVER_ERROR'] },
    },
  },
};

const repeat: ObjectShape = {
  type: 'object',
  noun: 'a repeat',
  description: 'Runs the step again until a condition holds.',
  required: ['until'],
  keys: {
    until: { type: 'text', filled: true, description: 'An expression that sees `output`; true ends it.' },
    max: { type: 'number', integer: true, minimum: 1, default: 100, description: 'No more runs than these.' },
    delay: { type: 'duration', default: 0, description: 'Between two runs.' },
  },
};

/** The form of a step. */
export const stepShape: ObjectShape = {
  type: 'object',
  noun: 'a step',
  description: 'One step of the workflow.',
  required: ['id', 'handler'],
  keys: {
    id: {
      type: 'text',
      description: 'Unique in the workflow.',
      pattern: stepIdPattern,
      expected: 'letters, digits, "_" and "-", a letter or "_" first',
    },
    name: { type: 'text', description: 'What people call the step; its id when missing.' },
    description: { type: 'text', description: 'What the step is for.' },
    handler: {
      type: 'text',
      filled: true,
      description: 'Path of a registered handler.',
      examples: ['http.request'],
    },
    config: stepConfig,
    dependencies: {
      type: 'list',
      description: 'Edges from earlier steps: "a", or "a:port" for a port of it.',
      default: [],
      items: {
        type: 'text',
        description: '"a", "a:port" or "a:error".',
        pattern: `${stepIdPattern}(:[^\\s:]+)?`,
        expected: 'the id of a step, or "id:port"',
      },
    },
    join: {
      type: 'word',
      words: ['all', 'any', 'done'],
      default: 'all',
      description: 'When it may start: all edges live, any of them, or all settled whatever became of them.',
    },
    when: {
      type: 'choice',
      description: 'An expression; false skips the step.',
      default: true,
      expected: 'an expression, true or false',
      of: [when, fixed],
      select: (value) => (typeof value === 'boolean' ? fixed : typeof value === 'string' ? when : undefined),
    },
    required: {
      type: 'boolean',
      default: true,
      description: 'False: its failure does not fail the execution.',
    },
    enabled: {
      type: 'boolean',
      default: true,
      description: 'False: skipped, as if it had succeeded with output null.',
    },
    retry,
    timeout: { type: 'duration', description: 'How long one attempt may take.' },
    foreach: {
      type: 'choice',
      description: 'Runs once per item of a list; `item` and `index` are in scope.',
      expected: 'an expression that gives a list, or a list',
      of: [expression, items],
      select: (value) => (typeof value === 'string' ? expression : Array.isArray(value) ? items : undefined),
    },
    concurrency: {
      type: 'number',
      integer: true,
      minimum: 1,
      default: 1,
      description: 'How many items of a foreach run at a time.',
    },
    repeat,
    compensate: {
      type: 'object',
      noun: 'a compensation',
      description: 'Undoes the step when the execution later fails or is cancelled.',
      required: ['handler'],
      keys: {
        handler: { type: 'text', filled: true, description: 'Path of a registered handler.' },
        config: stepConfig,
      },
    },
    queue: { type: 'text', filled: true, description: 'Named queue whose workers run the step.' },
  },
};
