import { type Schema, Type } from '@vwmp/core/schema';
import { errorAnswer, named } from '../schemas/common.ts';
import type { Components, Json } from './components.ts';

/** Tag of what is answered before anything of the API is loaded. */
export const probeTag = 'Probes';

interface ReadinessAnswer {
  status: 'ready' | 'unready' | 'draining';
  parts: readonly { name: string; backend: string; ok: boolean }[];
}

const readiness: Schema<ReadinessAnswer> = named(
  'ReadinessAnswer',
  Type.Object({
    status: Type.Unsafe<ReadinessAnswer['status']>({ enum: ['ready', 'unready', 'draining'] }),
    parts: Type.Array(
      Type.Object({
        name: Type.String({ examples: ['database'] }),
        backend: Type.String({ examples: ['postgresql'] }),
        ok: Type.Boolean(),
      }),
      { description: 'What it needs; empty while the process ends.' },
    ),
  }),
);

/** Probes and metrics, which the server and `vwmp worker` answer themselves. */
export function probePaths(components: Components): Record<string, Record<string, Json>> {
  const json = (description: string, schema: Schema): Json => ({
    description,
    content: { 'application/json': { schema: components.refer(schema) } },
  });
  const text = (description: string): Json => ({
    description,
    content: { 'text/plain': { schema: { type: 'string' } } },
  });
  const get = (operationId: string, rest: Json): Record<string, Json> => ({
    get: { operationId, tags: [probeTag], ...rest },
  });
  return {
    '/healthz': get('readHealth', {
      summary: 'Ask whether the process is alive.',
      security: [{}],
      responses: { 200: text('It is.') },
    }),
    '/readyz': get('readReadiness', {
      summary: 'Ask whether it can accept work.',
      description:
        'Answers within a second, whatever hangs: database, queue and event bus are asked at most once a second.',
      security: [{}],
      responses: {
        200: json('It can.', readiness),
        503: json('It cannot: a part does not answer, or the process ends.', readiness),
      },
    }),
    '/metrics': get('readMetrics', {
      summary: 'Read the metrics for Prometheus.',
      description: 'In its text format. `VWMP_METRICS=false` takes it away.',
      'x-role': 'viewer',
      responses: {
        200: text('All metrics of this process.'),
        401: text('The API key is missing or unknown.'),
        403: text('Pages of other sites cannot read it, nor whoever comes through a proxy without a key.'),
        404: json('Metrics are switched off.', errorAnswer),
        503: text('The key could not be looked up at the moment.'),
      },
    }),
  };
}
