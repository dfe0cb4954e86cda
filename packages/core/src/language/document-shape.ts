import { parameterShape } from './parameter-shape.ts';
import { isRecord } from './path.ts';
import type { ObjectShape, Shape } from './shape.ts';
import { stepShape } from './step-shape.ts';

/** `1.2.0`, `1.2.0-rc.1+build`: https://semver.org, without the groups. */
const semver =
  '(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?';

const triggerParameters: Shape = {
  type: 'mapping',
  description: 'Parameters of the executions that it starts; templates may read `trigger`.',
};

const schedule: ObjectShape = {
  type: 'object',
  noun: 'a schedule trigger',
  description: 'Starts executions at times.',
  required: ['schedule'],
  keys: {
    schedule: {
      type: 'text',
      filled: true,
      description: 'Cron with five fields: minute, hour, day of month, month, day of week.',
      examples: ['0 6 * * MON-FRI'],
    },
    timezone: {
      type: 'text',
      description: 'IANA name of the time zone.',
      default: 'UTC',
      examples: ['Europe/Berlin'],
    },
    overlap: {
      type: 'word',
      words: ['skip', 'queue', 'allow'],
      default: 'skip',
      description: 'What happens when the execution before is still running.',
    },
    catchup: {
      type: 'word',
      words: ['none', 'last', 'all'],
      default: 'none',
      description: 'Which of the times that were missed while nothing ran are made up for.',
    },
    parameters: triggerParameters,
  },
};

const webhook: ObjectShape = {
  type: 'object',
  noun: 'a webhook trigger',
  description: 'Starts an execution when its address is called.',
  required: ['webhook'],
  keys: {
    webhook: {
      type: 'text',
      description: 'Path below `/webhooks/`.',
      pattern: '[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*',
      expected: 'a path of letters, digits, ".", "_", "~", "-" and "/"',
      examples: ['report'],
    },
    secret: {
      type: 'text',
      description: 'Key that deliveries are signed with.',
      examples: ['${secrets.HOOK}'],
    },
    signature: {
      type: 'text',
      description:
        'How deliveries are signed: `github`, `standard` (Standard Webhooks), the name of the header with an HMAC-SHA-256 of the body, or `none`.',
      pattern: '[A-Za-z][A-Za-z0-9-]*',
      expected: '"github", "standard", "none" or the name of a header',
      examples: ['github', 'standard', 'X-Signature', 'none'],
    },
    events: {
      type: 'list',
      description: 'Kinds of events that start an execution; any when missing.',
      items: { type: 'text', description: 'Name of a kind of event.', examples: ['push'] },
    },
    when: { type: 'text', description: 'An expression over `trigger`; false ignores the delivery.' },
    parameters: triggerParameters,
  },
};

/** The form of a workflow document. What needs more than one place to decide is checked elsewhere. */
export const documentShape: ObjectShape = {
  type: 'object',
  noun: 'a workflow',
  description: 'A workflow of VWMP.',
  required: ['name', 'steps'],
  keys: {
    id: {
      type: 'text',
      description: 'Slug that names the workflow; made from the name when missing.',
      pattern: '[a-z0-9][a-z0-9._-]{0,63}',
      expected: 'up to 64 lower-case letters, digits, ".", "_" and "-", a letter or digit first',
      examples: ['nightly-report'],
    },
    name: {
      type: 'text',
      filled: true,
      description: 'What people call the workflow.',
      examples: ['Nightly report'],
    },
    version: {
      type: 'text',
      description: 'Semantic version.',
      pattern: semver,
      expected: 'a semantic version such as "1.2.0"',
      default: '0.1.0',
      examples: ['1.2.0'],
    },
    type: { type: 'text', description: 'A workflow type that some plugin registered.', default: 'generic' },
    description: { type: 'text', description: 'What the workflow is for.' },
    config: { type: 'mapping', description: 'Free values, read as `${config.NAME}`.' },
    parameters: { type: 'list', description: 'What an execution is given.', items: parameterShape },
    triggers: {
      type: 'list',
      description: 'What starts executions by itself.',
      items: {
        type: 'choice',
        description: 'A schedule or a webhook.',
        expected: 'a mapping with "schedule" or "webhook"',
        of: [schedule, webhook],
        select: (value) => {
          if (!isRecord(value)) return undefined;
          if ('schedule' in value) return schedule;
          if ('webhook' in value) return webhook;
          return 'secret' in value || 'signature' in value || 'events' in value || 'when' in value
            ? webhook
            : 'timezone' in value
              ? schedule
              : undefined;
        },
      },
    },
    timeout: { type: 'duration', description: 'How long a whole execution may take.' },
    concurrency: {
      type: 'object',
      noun: 'a concurrency limit',
      description: 'How many executions with the same key may run at a time.',
      required: ['key'],
      keys: {
        key: {
          type: 'text',
          filled: true,
          description: 'Template; executions that give the same text share the limit.',
        },
        limit: { type: 'number', integer: true, minimum: 1, default: 1, description: 'How many at a time.' },
        policy: {
          type: 'word',
          words: ['queue', 'skip', 'cancel'],
          default: 'queue',
          description: 'Whether a further one waits, is not started, or cancels the one that runs.',
        },
      },
    },
    output: { type: 'anything', description: 'Output of the execution; templates may read every step.' },
    steps: { type: 'list', minimum: 1, description: 'The steps, in any order.', items: stepShape },
  },
};
