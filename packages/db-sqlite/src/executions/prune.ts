import type { Retention } from '@vwmp/core';
import { type ExecutionRow, toText } from 'db-common';
import type { Connection } from '../connection/connection.ts';
import type { Reader } from '../connection/reader.ts';
import { releasePages } from '../connection/release-pages.ts';
import type { Session } from '../session.ts';
import type { Known } from './known.ts';
import { type Lists, together as takenIn } from './lists.ts';

export interface PruneParts {
  connection: Connection;
  reader: Reader;
  toFit: Session['toFit'];
  lists: Lists;
  known: Known;
}

/** An execution that is to go, as it was when it was found. */
type Candidate = Pick<ExecutionRow, 'id' | 'completed_at'>;

/** So many executions are looked for at a time. */
const together = 100;
/** So many rows that belong to executions go in one transaction, which takes a few milliseconds. */
const stride = 2000;

/** Makes what removes executions that have ended, bit by bit: whoever writes meanwhile waits for a few milliseconds. */
export function createPrune(
  parts: PruneParts,
): (retention: Retention, now: number, batch: number) => Promise<number> {
  const { connection, reader, lists } = parts;
  const find = createFind(parts);
  const remove = createRemove(parts);

  return async (retention, now, batch) => {
    const write = parts.toFit();
    // What is looked for is found by the lists.
    while (await write(takenIn, lists.takeIn));
    let removed = 0;
    for (let left = batch; left > 0; ) {
      const candidates = await reader.read(() => find(retention, now, Math.min(left, together)));
      if (candidates.length === 0) break;
      left -= candidates.length;
      for (let next = 0; next < candidates.length; ) {
        const rest = candidates.slice(next);
        const { done, gone } = await write(stride, (most) => remove(rest, most));
        next += done;
        removed += gone;
      }
    }
    if (removed > 0) await releasePages(connection, write, pagesToKeep(connection));
    return removed;
  };
}

/** Free pages that are soon needed again: some in any case, and a part of the file. */
function pagesToKeep({ database }: Connection): number {
  return Math.max(1000, Math.trunc((database.pragma('page_count', { simple: true }) as number) / 10));
}

/** Finds those that completed first of what is over a limit. */
function createFind({ connection }: PruneParts) {
  const ended = 'listed is not null and completed_at is not null';
  const [older, olderOf] = ['', 'workflow_id = ? and '].map((of) =>
    connection.statement(
      `select id, completed_at from executions where ${of}${ended} and completed_at < ? order by completed_at, id limit ?`,
    ),
  ) as [ReturnType<typeof connection.statement>, ReturnType<typeof connection.statement>];
  const sizes = connection.statement(
    'select workflow_id as id, sum(n) as n from tallies group by workflow_id',
  );
  const newestToGo = connection.statement(
    `select id, completed_at from executions where workflow_id = ? and ${ended}
      order by completed_at desc, id desc limit 1 offset ?`,
  );
  const upTo = connection.statement(
    `select id, completed_at from executions where workflow_id = ? and ${ended} and (completed_at, id) <= (?, ?)
      order by completed_at, id limit ?`,
  );

  const overCount = (workflowId: string, most: number, limit: number): Candidate[] => {
    const last = newestToGo.get(workflowId, Math.max(Math.trunc(most), 0)) as Candidate | undefined;
    return last ? (upTo.all(workflowId, last.completed_at, last.id, limit) as Candidate[]) : [];
  };

  return ({ max_age, max_count, workflow_id }: Retention, now: number, limit: number): Candidate[] => {
    const workflow = workflow_id === undefined ? undefined : toText(workflow_id);
    const found: Candidate[] = [];
    if (max_age !== undefined) {
      const rows =
        workflow === undefined
          ? older.all(now - max_age, limit)
          : olderOf.all(workflow, now - max_age, limit);
      found.push(...(rows as Candidate[]));
    }
    if (max_count !== undefined) {
      for (const { id, n } of sizes.all() as { id: string; n: number }[]) {
        if (n > max_count && (workflow === undefined || workflow === id))
          found.push(...overCount(id, max_count, limit));
      }
    }
    const once = [...new Map(found.map((each) => [each.id, each])).values()];
    once.sort((a, b) => a.completed_at! - b.completed_at! || (a.id < b.id ? -1 : 1));
    return once.slice(0, limit);
  };
}

/** Removes executions with everything that belongs to them, within a transaction, as many as fit in with about so many rows. */
function createRemove({ connection, lists, known }: PruneParts) {
  const logs = connection.statement(
    `delete from logs where execution_id = :id and position <= coalesce(
      (select position from logs where execution_id = :id order by position limit 1 offset :most - 1), 9e15)`,
  );
  const events = connection.statement('delete from events where execution_id = ?');
  const messages = connection.statement('delete from messages where execution_id = ?');
  const current = connection.statement('select 1 from executions where id = ? and completed_at = ?').pluck();
  const execution = connection.statement(
    'delete from executions where id = ? returning workflow_id, status, document_hash',
  );
  const document = connection.statement(
    `delete from documents where hash = :hash
      and not exists (select 1 from executions where document_hash = :hash and listed is not null)
      and not exists (select 1 from executions where n > coalesce((select value from marks where name = 'listed'), 0) and document_hash = :hash)`,
  );

  return (candidates: readonly Candidate[], most: number): { done: number; gone: number } => {
    const hashes = new Set<string>();
    let [done, gone, rows] = [0, 0, 0];
    for (const { id, completed_at } of candidates) {
      // Another process may have removed it, or it may have gone on since.
      const stays = current.get(id, completed_at) === undefined;
      if (!stays) {
        const logged = logs.run({ id, most }).changes;
        rows += logged;
        // The rest of them goes in the next transaction, and then what they belong to.
        if (logged >= most) break;
        const row = execution.get(id) as Pick<ExecutionRow, 'workflow_id' | 'status' | 'document_hash'>;
        hashes.add(row.document_hash);
        lists.add(row.workflow_id, row.status, -1);
        rows += events.run(id).changes + messages.run(id).changes;
        gone++;
      }
      done++;
      if (rows > most) break;
    }
    for (const hash of hashes) document.run({ hash });
    known.forget();
    if (gone > 0) lists.noteRemoval();
    return { done, gone };
  };
}
