import type { WebhookAnswer } from '@vwmp/core/platform';
import { type Schema, Type } from '@vwmp/core/schema';
import { statuses, statusMeanings } from '../app/statuses.ts';
import { errorAnswer, named } from '../schemas/common.ts';
import type { DeliveryAnswer } from '../webhooks/receive.ts';
import type { Components, Json } from './components.ts';

/** Tags of what is answered elsewhere. */
export const extraTags: readonly string[] = ['webhooks'];

const started: Schema<WebhookAnswer['executions'][number]> = named(
  'DeliveryExecution',
  Type.Object({
    workflow_id: Type.String(),
    execution_id: Type.String(),
    created: Type.Boolean({ description: 'False for a delivery that was accepted before.' }),
  }),
);

const delivery: Schema<DeliveryAnswer> = named(
  'DeliveryAnswer',
  Type.Object({
    task_id: Type.Optional(Type.String({ description: 'The same as `execution_id`.' })),
    execution_id: Type.Optional(
      Type.String({ description: 'The first of the executions; missing when nobody wants the delivery.' }),
    ),
    status: Type.Unsafe<DeliveryAnswer['status']>({ enum: ['queued', 'ignored'] }),
    executions: Type.Array(started),
  }) as unknown as Schema<DeliveryAnswer>,
);

/** Codes that a delivery is refused with. */
const refusals = [
  ...['WEBHOOK_BODY', 'WEBHOOK_SIGNATURE', 'ORIGIN_REFUSED', 'WEBHOOK_NOT_FOUND', 'BODY_TOO_LARGE'],
  ...['MEDIA_TYPE_UNSUPPORTED', 'PARAMETERS_INVALID', 'EXPRESSION_ERROR', 'SECRET_MISSING', 'RATE_LIMITED'],
  ...['VALUE_INVALID', 'ENCRYPTION_KEY_MISSING', 'STORE_UNAVAILABLE', 'STORE_FULL'],
  ...['CLOSED', 'ENGINE_CLOSED'],
];

/** What is no operation of its own kind. */
export function extraPaths(components: Components): Record<string, Record<string, Json>> {
  const json = (schema: Schema): Json => ({
    content: { 'application/json': { schema: components.refer(schema) } },
  });
  const byStatus = Map.groupBy([...refusals, 'INTERNAL_ERROR'], (code) => statuses[code] ?? 500);
  const errors = [...byStatus].map(([status, codes]) => [
    status,
    {
      description: `${statusMeanings[status]} ${codes.map((code) => `\`${code}\``).join(', ')}.`,
      ...json(errorAnswer),
    },
  ]);
  const post = {
    operationId: 'receiveDelivery',
    tags: ['webhooks'],
    summary: 'Start what waits for a webhook.',
    description:
      'For senders such as GitHub. The signature of the delivery says who sends it: no key is needed. A delivery with an id that was seen before is answered with what it started.',
    security: [{}],
    parameters: [
      {
        ...{ name: 'path', in: 'path', required: true },
        description: 'Of the webhook triggers; it may have slashes in it.',
        schema: { type: 'string' },
      },
    ],
    requestBody: { content: { '*/*': { schema: {} } } },
    responses: {
      200: {
        description: 'Nobody wants it: another event, or a condition that does not hold.',
        ...json(delivery),
      },
      202: { description: 'What it starts is recorded, and will be carried out.', ...json(delivery) },
      ...Object.fromEntries(errors),
    },
  };
  return { '/webhooks/{path}': { post } };
}
