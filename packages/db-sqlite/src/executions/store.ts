import type { ExecutionStore } from '@vwmp/core';
import { fromText, type Gate, listExecutions, type SummaryRow, summaryOf, toText } from 'db-common';
import { sqliteDialect } from '../dialect.ts';
import type { Statement } from '../driver/driver.ts';
import type { Session } from '../session.ts';
import { createAppend } from './append.ts';
import { createClaim } from './claim.ts';
import { type CurrentStates, createCurrentStates } from './current.ts';
import { createDocuments } from './documents.ts';
import { createMessages, type Messages, newMessage } from './messages.ts';
import { createPrune } from './prune.ts';
import { createReadyExecutions, type ReadyExecutions } from './ready.ts';
import { createRecords, type Records } from './records.ts';
import { createTurns } from './turns.ts';
import { createWorkers, type Workers } from './workers.ts';

/**
 * Keeps executions in SQLite.
 *
 * @param session - gives the open database
 */
export function createExecutionStore(gate: Gate, session: () => Session): ExecutionStore {
  /** Prepared when it is first used after opening. */
  let parts: Parts | undefined;
  const open = (): Parts => {
    parts ??= createParts(session());
    return parts;
  };
  const read = <T>(work: (parts: Parts) => T): Promise<T> =>
    gate.run(() => {
      const opened = open();
      return opened.reader.read(() => work(opened));
    });
  const write = <T>(work: (parts: Parts) => T): Promise<T> =>
    gate.run(() => {
      const opened = open();
      return opened.writer.add(() => work(opened));
    });

  return {
    open: gate.open,
    close: gate.close,
    append: (append) =>
      gate.run(() => {
        const { writer, append: job } = open();
        return writer.add(job(append));
      }),
    get: (id) => read(({ records }) => records.get(toText(id))),
    findByKey: (workflowId, key) =>
      read(({ findByKey }) => {
        const row = findByKey.get(toText(workflowId), toText(key)) as SummaryRow | undefined;
        return row && summaryOf(row);
      }),
    async *events(id, after = 0) {
      let seq = after;
      for (;;) {
        const events = await read(({ records }) => records.events(id, seq));
        for (const event of events) yield event;
        const last = events.at(-1);
        if (!last) return;
        seq = last.seq;
      }
    },
    list: (query = {}) => {
      const given = structuredClone(query);
      return gate.run(() => open().reader.readSteps(() => listExecutions(sqliteDialect, given)));
    },
    prune: (retention, now, batch) => gate.run(() => open().prune({ ...retention }, now, batch)),
    heartbeat: (worker, ttl) => write(({ workers }) => workers.renew(worker, ttl)),
    retire: (worker) => write(({ workers }) => workers.end(worker)),
    ready: (now, limit) => read(({ ready }) => ready.first(now, limit)),
    nextReady: () => read(({ ready }) => ready.next()),
    claim: (id, worker, now) => write(({ claim }) => claim(toText(id), toText(worker), now)),
    post: (message) =>
      gate.run(async () => {
        const given = newMessage(message);
        const { messages, states, writer } = open();
        return await writer.add(() => states.wokenOf(messages.post(given)));
      }),
    messages: (executionId) => read(({ messages }) => messages.list(executionId)),
    mail: (worker) => read(({ mail }) => (mail.all(toText(worker)) as string[]).map(fromText)),
  };
}

interface Parts extends Session {
  states: CurrentStates;
  messages: Messages;
  records: Records;
  workers: Workers;
  ready: ReadyExecutions;
  append: ReturnType<typeof createAppend>;
  claim: ReturnType<typeof createClaim>;
  prune: ReturnType<typeof createPrune>;
  findByKey: Statement;
  mail: Statement;
}

function createParts(session: Session): Parts {
  const { connection, lists, known } = session;
  const states = createCurrentStates(connection, lists, known);
  const documents = createDocuments(connection, known);
  const messages = createMessages(connection, states);
  const turns = createTurns(connection, states);
  const records = createRecords(connection, documents);
  return {
    ...session,
    ...{ states, messages, records },
    workers: createWorkers(connection, known),
    ready: createReadyExecutions(connection),
    append: createAppend({ connection, states, turns, documents, messages, lists }),
    claim: createClaim(states, records),
    prune: createPrune(session),
    findByKey: connection.statement(
      `select id, workflow_id, workflow_version, status, started_at, completed_at, error_code, error_message
        from executions where workflow_id = ? and idempotency_key = ?`,
    ),
    mail: connection.statement('select id from executions where owner = ? and inbox > 0').pluck(),
  };
}
