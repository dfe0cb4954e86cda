import type { ExecutionEvent, LogLevel } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { requestInvalid } from '../app/error-answer.ts';
import type { Call, Reply, Routes } from '../app/route.ts';
import type { List } from '../contract/index.ts';
import { toWire } from '../live/wire.ts';
import { pageQuery } from '../schemas/common.ts';
import * as schemas from '../schemas/executions.ts';
import { asList, given, pageOf } from './common.ts';
import { noExecution } from './show-execution.ts';

const tag = 'Executions';
const path = { execution_id: schemas.executionId };
const missing = 'EXECUTION_NOT_FOUND';

/** What happened to an execution, and what its steps wrote. */
export const historyRoutes: Pick<Routes, 'listEvents' | 'listLogs'> = {
  listEvents: {
    tag,
    summary: 'Read or follow the events of an execution',
    description:
      'What is recorded, in order of `seq`. With `Accept: text/event-stream` the answer goes on with what happens, until the execution has ended; `Last-Event-ID` goes on after an interruption.',
    role: 'viewer',
    path,
    missing,
    query: {
      after: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: Number.MAX_SAFE_INTEGER,
          description: 'Those after this `seq`.',
        }),
      ),
      ...pageQuery,
    },
    answers: {
      200: { description: 'Events.', schema: schemas.eventList, types: ['text/event-stream'] },
    },
    async handle(call, input) {
      if (/\btext\/event-stream\b/i.test(call.header('accept') ?? '')) return stream(call, input);
      return events(call, input);
    },
  },
  listLogs: {
    tag,
    summary: 'Read what the steps of an execution wrote',
    role: 'viewer',
    path,
    missing,
    query: {
      step_id: Type.Optional(Type.String({ maxLength: 200, description: 'Only of this step.' })),
      level: Type.Optional(
        Type.Array(schemas.logLevel, { description: 'One of these; several times, or with commas.' }),
      ),
      ...pageQuery,
    },
    answers: { 200: { description: 'First first.', schema: schemas.logList } },
    async handle({ platform }, { execution_id, level, ...query }) {
      const { executions, logs } = platform.storage;
      if (!(await executions.get(execution_id))) throw noExecution(execution_id);
      const page = await logs.list(execution_id, given({ ...query, level: asList(level as LogLevel) }));
      return { status: 200, body: pageOf(page, (each) => each) };
    },
  },
};

interface EventsInput {
  execution_id: string;
  after?: number;
  limit?: number;
  cursor?: string;
}

async function events(
  { platform }: Call,
  { execution_id, after = 0, limit = 50, cursor }: EventsInput,
): Promise<Reply<List<ExecutionEvent>>> {
  const { executions } = platform.storage;
  if (cursor !== undefined && !/^\d{1,15}$/.test(cursor))
    throw requestInvalid('The query has a problem: "cursor" is no cursor of this list.');
  const record = await executions.get(execution_id);
  if (!record) throw noExecution(execution_id);
  const results: ExecutionEvent[] = [];
  for await (const event of executions.events(execution_id, cursor === undefined ? after : Number(cursor))) {
    results.push(toWire(event));
    if (results.length === limit) break;
  }
  const last = results.at(-1)?.seq ?? record.seq;
  return {
    status: 200,
    body: {
      results,
      ...(results.length === limit && last < record.seq && { next_cursor: String(last) }),
      count: Math.max(0, record.seq - after),
    },
  };
}

/** What is there twice was joined, and is none either. @throws REQUEST_INVALID */
function numberOf(lastEventId: string): number {
  if (/^\d{1,15}$/.test(lastEventId)) return Number(lastEventId);
  const message = `"Last-Event-ID" is the number of the last event that you have, and not ${JSON.stringify(lastEventId.slice(0, 50))}.`;
  throw requestInvalid(message, [{ path: 'headers.last-event-id', message }]);
}

async function stream(
  { platform, header, signal, check, ending }: Call,
  { execution_id, after }: EventsInput,
): Promise<Reply<never>> {
  const { eventStream } = await import('../live/sse.ts');
  const last = header('last-event-id');
  const from = last === undefined || last === '' ? (after ?? 0) : numberOf(last);
  if (!(await platform.storage.executions.get(execution_id))) throw noExecution(execution_id);
  return eventStream(platform, execution_id, from, signal, { check, ending: ending.begins });
}
