import type { Connection } from '../connection/connection.ts';
import type { TallyChanges } from './current.ts';
import type { Known } from './known.ts';

/**
 * Takes executions into the indexes of the lists and the tallies, by the hundred. At one execution at a time each index would be
 * another page to write for every start, and for every change of status: an append takes 43 µs of processor time then, and 30 like this.
 */
export interface Lists extends TallyChanges {
  /** An execution was created in this transaction. */
  noteCreation(n: number): void;
  /** Before the commit: writes the tallies, and takes in what has gathered. */
  write(): void;
  /** After a rollback: what was added since the last commit has not happened. */
  forget(): void;
  /** After executions were removed: the numbers of the newest may be given again. */
  noteRemoval(): void;
  /** Takes in some of those that are not in yet, whatever gathered. @param most - at once @returns whether there are more */
  takeIn(most?: number): boolean;
}

/** So many executions are taken in together. */
export const together = 512;
/** So many of the newest stay out: most of them end soon, and are never in with a status that changes. */
const newest = 128;

export function createLists(connection: Connection, { rows }: Pick<Known, 'rows'>): Lists {
  const mark = connection.statement("select value from marks where name = 'listed'").pluck();
  const setMark = connection.statement(
    "insert into marks (name, value) values ('listed', ?) on conflict do update set value = excluded.value",
  );
  const lowerMark = connection.statement(
    `update marks set value = coalesce((select max(n) from executions), 0)
      where name = 'listed' and value > coalesce((select max(n) from executions), 0)`,
  );
  const dropEmpty = connection.statement('delete from tallies where n = 0');
  const last = connection.statement('select max(n) from executions').pluck();
  const addToTally = connection.statement(
    `insert into tallies (workflow_id, status, slot, n) values (?, ?, 0, ?)
      on conflict do update set n = n + excluded.n`,
  );
  const tally = connection.statement(
    `insert into tallies (workflow_id, status, slot, n)
      select workflow_id, status, 0, count(*) from executions where n > ? and n <= ? and listed is null group by 1, 2
      on conflict do update set n = n + excluded.n`,
  );
  const list = connection.statement(
    'update executions set listed = started_at where n > ? and n <= ? and listed is null',
  );
  /** By workflow, then by status. */
  const changes = new Map<string, Map<string, number>>();
  /** The last execution that was created in this transaction. */
  let created = 0;
  /** The last one that is in, as far as this process knows. */
  let known = 0;

  /** @param keep - so many of the newest stay out */
  const takeIn = (keep: number, most = together): boolean => {
    const from = (mark.get() as number | undefined) ?? 0;
    const end = ((last.get() as number | null) ?? 0) - keep;
    known = from;
    if (end <= from) return false;
    const to = Math.min(end, from + most);
    tally.run(from, to);
    list.run(from, to);
    // Some of them have become listed.
    rows.clear();
    setMark.run(to);
    known = to;
    return to < end;
  };

  return {
    add(workflowId, status, n) {
      const statuses = changes.get(workflowId) ?? new Map<string, number>();
      changes.set(workflowId, statuses.set(status, (statuses.get(status) ?? 0) + n));
    },
    noteCreation(n) {
      created = n;
    },
    write() {
      for (const [workflowId, statuses] of changes)
        for (const [status, n] of statuses) if (n !== 0) addToTally.run(workflowId, status, n);
      changes.clear();
      // Below what is known when the newest have been removed since.
      if (created > 0 && created <= known) takeIn(newest);
      // A transaction may create more than are taken in at a time; what others have left behind is made up for little by little.
      for (let n = 0; n < 3 && created - known > together + newest; n++) takeIn(newest);
      created = 0;
    },
    forget() {
      changes.clear();
      created = 0;
      known = 0;
    },
    noteRemoval() {
      lowerMark.run();
      dropEmpty.run();
    },
    takeIn: (most) => takeIn(0, most),
  };
}
