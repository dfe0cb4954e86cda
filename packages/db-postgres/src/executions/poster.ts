import type { Message, Woken } from '@vwmp/core';
import { fromText, inboxLimit, postRefusal, toText } from 'db-common';
import type { Statement } from '../connection/exchange.ts';
import type { Pool } from '../connection/pool.ts';
import { Sql } from '../sql.ts';
import { deliver } from './append-statement.ts';
import { createBatcher } from './batcher.ts';
import { lockStatement } from './lock.ts';
import { holderWithLease } from './standing-sql.ts';
import { transact } from './transact.ts';

/** A message as it is stored. */
interface PostRow {
  target: string;
  id: string;
  body: string;
}

interface Post {
  message: Pick<Message, 'execution_id' | 'id'>;
  row: PostRow;
}

/** Posts messages, many in one transaction. */
export interface Poster {
  post(message: Message): Promise<Woken>;
  settled(): Promise<void>;
}

export function createPoster(pool: Pool): Poster {
  const batcher = createBatcher<Post, Woken>({
    // One batch after the other: messages arrive in the order in which they were posted.
    keysOf: () => ({ own: [], shared: [] }),
    sizeOf: ({ row }) => row.body.length,
    parallel: 1,
    async flush(posts) {
      const rows = posts.map(({ row }) => row);
      const targets = [...new Set(rows.map(({ target }) => target))];
      const answers = await transact(pool, [lockStatement({ ids: targets }), postStatement(rows)]);
      const found = new Map(answers[1]!.rows.map((row) => [Number(row[0]), row]));
      return posts.map(({ message }, index) => {
        const [, known, ended, inbox, owner] = found.get(index + 1) ?? [];
        const to =
          ended === undefined
            ? undefined
            : { completed_at: ended === null ? null : Number(ended), inbox: Number(inbox) };
        const error = postRefusal(message, to, known === 'true');
        if (error) return { error };
        return {
          result: { execution_id: message.execution_id, ...(owner != null && { owner: fromText(owner) }) },
        };
      });
    },
  });
  return {
    settled: batcher.settled,
    post({ execution_id, id, body }) {
      const row = { target: toText(execution_id), id: toText(id), body: JSON.stringify(body) };
      return batcher.add({ message: { execution_id, id }, row });
    },
  };
}

/**
 * Delivers messages to locked executions that have not ended and have room. Gives for each of those that are there the
 * number of the message, whether that waits already, when the execution ended, how many messages there are before it, who owns it and
 * has a lease.
 */
function postStatement(posts: readonly PostRow[]): Statement {
  const sql = new Sql('post', posts.length === 1);
  sql.given<PostRow>('given', { target: 'text', id: 'text', body: 'text' }, posts);
  sql.with(
    'addressed',
    () => `select g.*, e.completed_at, e.owner, e.inbox + row_number() over (partition by g.target order by g.i) - 1 as inbox,
        exists (select from messages as m where m.execution_id = g.target and m.id = g.id) as known
      from given as g join executions as e on e.id = g.target`,
  );
  sql.with(
    'posted',
    () =>
      `select target, id, body, i from addressed where completed_at is null and inbox < ${inboxLimit} and not known`,
  );
  deliver(sql);
  return sql.end(
    () => `select i, known::text, completed_at, inbox, ${holderWithLease('owner')} from addressed`,
  );
}
