import type { JsonValue, Message } from '@vwmp/core';
import { atOnce, fromText, type MessageRow, parseStored, postRefusal, toText } from 'db-common';
import type { Connection } from '../connection/connection.ts';
import type { CurrentRow, CurrentStates } from './current.ts';

/** A message as it is stored, but for its place. */
export type NewMessage = Omit<MessageRow, 'position'>;

export function newMessage({ id, execution_id, body }: Message): NewMessage {
  return { execution_id: toText(execution_id), id: toText(id), body: JSON.stringify(body) };
}

/** The messages that wait, within a transaction. */
export interface Messages {
  /** Drops what goes to one that has ended or is not there. @returns the execution that it reached */
  deliver(message: NewMessage): CurrentRow | undefined;
  /** @throws EXECUTION_NOT_FOUND, EXECUTION_NOT_ACTIVE, INBOX_FULL @returns the execution that it reached */
  post(message: NewMessage): CurrentRow;
  /** Removes some of those that wait for an execution. @returns how many are left */
  remove(from: CurrentRow, ids: readonly string[]): number;
  /** Removes all of them. @returns how many are left */
  empty(of: CurrentRow): 0;
  /** In the order of arrival. */
  list(executionId: string): Message[];
}

export function createMessages(connection: Connection, states: CurrentStates): Messages {
  const add = connection.statement(
    `insert into messages (execution_id, position, id, body)
      select :to, coalesce((select max(position) from messages where execution_id = :to), 0) + 1, :id, :body
      where true on conflict do nothing`,
  );
  const has = connection.statement('select 1 from messages where execution_id = ? and id = ?').pluck();
  const removeOne = connection.statement('delete from messages where execution_id = ? and id = ?');
  const removeAll = connection.statement('delete from messages where execution_id = ?');
  const all = connection.statement('select id, body from messages where execution_id = ? order by position');

  const reach = (to: CurrentRow, { id, body }: NewMessage): CurrentRow => {
    if (add.run({ to: to.id, id, body }).changes === 0) return to;
    const wakes = to.owner === null && to.ready_since === null;
    states.change(to, { inbox: to.inbox + 1, ...(wakes && atOnce(to, Date.now())) });
    return to;
  };

  return {
    deliver(message) {
      const to = states.find(message.execution_id);
      return to && to.completed_at === null ? reach(to, message) : undefined;
    },
    post(message) {
      const to = states.find(message.execution_id);
      const known = to !== undefined && has.get(to.id, message.id) !== undefined;
      const refused = postRefusal({ execution_id: fromText(message.execution_id) }, to, known);
      if (refused) throw refused;
      return reach(to!, message);
    },
    remove({ id, inbox }, ids) {
      let left = inbox;
      if (left > 0) for (const each of ids) left -= removeOne.run(id, each).changes;
      return left;
    },
    empty({ id, inbox }) {
      if (inbox > 0) removeAll.run(id);
      return 0;
    },
    list(executionId) {
      const rows = all.all(toText(executionId)) as Pick<MessageRow, 'id' | 'body'>[];
      return rows.map(({ id, body }) => ({
        id: fromText(id),
        execution_id: executionId,
        body: parseStored<JsonValue>(body, () => `a message to the execution "${executionId}"`),
      }));
    },
  };
}
