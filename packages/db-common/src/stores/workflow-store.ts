import {
  VwmpError,
  type WorkflowDraft,
  type WorkflowQuery,
  type WorkflowRecord,
  type WorkflowStore,
} from '@vwmp/core';
import { and, eq, gt, lt, sql } from 'drizzle-orm';
import { clause, countWhere } from '../query/count.ts';
import { insert, rowsOf, type Steps } from '../query/steps.ts';
import type { WorkflowRow, WorkflowVersionRow } from '../schema/tables.ts';
import { pageLimit, pageOf, readCursor } from '../values/page.ts';
import { fromText, toText } from '../values/text.ts';
import { fromTime } from '../values/time.ts';
import type { StoreParts } from './parts.ts';

/** A search reads so many documents in one go. */
const searched = 100;

/** Keeps workflow documents and all of their versions in a database. */
export function createWorkflowStore({ gate, runner, dialect }: StoreParts): WorkflowStore {
  const { workflows, workflowVersions: versions } = dialect.tables;

  const locked = function* (id: string): Steps<Pick<WorkflowRow, 'rev' | 'number'> | undefined> {
    const [row] = yield* rowsOf<Pick<WorkflowRow, 'rev' | 'number'>>(
      sql`select ${workflows.rev}, ${workflows.number} from ${workflows} where ${workflows.id} = ${toText(id)} ${dialect.lock}`,
    );
    return row;
  };

  /** Documents are searched here: no database folds letters as the others do. */
  const search = function* (query: WorkflowQuery & { q: string }): Steps<WorkflowRow[]> {
    const sought = query.q.toLowerCase();
    const found: WorkflowRow[] = [];
    let after: string | undefined;
    for (;;) {
      const where = and(ofType(query), after === undefined ? undefined : gt(workflows.id, after));
      const rows = yield* rowsOf<WorkflowRow>(
        sql`select * from ${workflows} ${clause(where)} order by ${workflows.id} limit ${searched}`,
      );
      for (const row of rows) {
        const texts = [row.id, row.name, row.text];
        if (texts.some((text) => fromText(text).toLowerCase().includes(sought))) found.push(row);
      }
      after = rows.at(-1)?.id;
      if (rows.length < searched) return found;
    }
  };

  const ofType = ({ type }: WorkflowQuery) =>
    type === undefined ? undefined : eq(workflows.type, toText(type));

  return {
    open: gate.open,
    close: gate.close,
    get(id) {
      return gate.run(() =>
        runner.read(function* () {
          const [row] = yield* rowsOf<WorkflowRow>(
            sql`select * from ${workflows} where ${workflows.id} = ${toText(id)}`,
          );
          return row && workflowOf(row);
        }),
      );
    },
    list(query = {}) {
      return gate.run(() =>
        runner.read(function* () {
          const limit = pageLimit(query);
          const cursor = readCursor(query, 'string');
          const { q } = query;
          if (q) {
            const found = yield* search({ ...query, q });
            const rest = found.filter(({ id }) => cursor === undefined || id > cursor[0]!);
            return pageOf(rest, limit, found.length, ({ id }) => [id], workflowOf);
          }
          const where = and(ofType(query), cursor && gt(workflows.id, cursor[0]));
          const rows = yield* rowsOf<WorkflowRow>(
            sql`select * from ${workflows} ${clause(where)} order by ${workflows.id} limit ${limit + 1}`,
          );
          const count = yield* countWhere(workflows, ofType(query));
          return pageOf(rows, limit, count, ({ id }) => [id], workflowOf);
        }),
      );
    },
    save(draft, rev) {
      return gate.run(async () => {
        const given = draftColumns(draft);
        return await runner.write(function* () {
          const before = yield* locked(draft.id);
          checkRev(draft.id, before?.rev, rev);
          const number = (before?.number ?? 0) + 1;
          const row: WorkflowRow = { ...given, number, rev: newRev(number), updated_at: Date.now() };
          if (before) {
            const { name, type, version, text } = row;
            yield sql`update ${workflows} set name = ${name}, type = ${type}, version = ${version}, text = ${text}, rev = ${row.rev}, updated_at = ${row.updated_at}, number = ${number} where ${workflows.id} = ${row.id}`;
          } else if ((yield* insert('workflows', [{ ...row }], 'ignore')) === 0) {
            // Someone else has created it since.
            checkRev(draft.id, 'another', undefined);
          }
          const { id, ...version } = row;
          yield* insert('workflowVersions', [{ ...version, workflow_id: id }]);
          return workflowOf(row);
        });
      });
    },
    remove(id, rev) {
      return gate.run(async () => {
        await runner.write(function* () {
          checkRev(id, (yield* locked(id))?.rev, rev);
          yield sql`delete from ${workflows} where ${workflows.id} = ${toText(id)}`;
        });
      });
    },
    versions(id, query = {}) {
      return gate.run(() =>
        runner.read(function* () {
          const limit = pageLimit(query);
          const cursor = readCursor(query, 'number');
          const where = eq(versions.workflow_id, toText(id));
          const rest = and(where, cursor && lt(versions.number, cursor[0]));
          const rows = yield* rowsOf<WorkflowVersionRow>(
            sql`select * from ${versions} ${clause(rest)} order by ${versions.number} desc limit ${limit + 1}`,
          );
          const count = yield* countWhere(versions, where);
          return pageOf(
            rows,
            limit,
            count,
            ({ number }) => [number],
            (row) => workflowOf({ ...row, id: row.workflow_id }),
          );
        }),
      );
    },
  };
}

/** Never one that another version has, of a workflow of this name that was removed before either. */
function newRev(number: number): string {
  return `${number}-${Math.random().toString(36).slice(2, 12).padEnd(10, '0')}`;
}

function draftColumns({
  id,
  name,
  type,
  version,
  text,
}: WorkflowDraft): Pick<WorkflowRow, keyof WorkflowDraft> {
  return {
    id: toText(id),
    name: toText(name),
    type: toText(type),
    version: toText(version),
    text: toText(text),
  };
}

function workflowOf({
  id,
  name,
  type,
  version,
  text,
  rev,
  updated_at,
}: Omit<WorkflowRow, 'number'>): WorkflowRecord {
  return {
    id: fromText(id),
    name: fromText(name),
    type: fromText(type),
    version: fromText(version),
    text: fromText(text),
    rev,
    updated_at: fromTime(updated_at),
  };
}

/** @throws ALREADY_EXISTS, NOT_FOUND, REV_CONFLICT */
function checkRev(id: string, current: string | undefined, rev: string | undefined): void {
  if (rev === current) return;
  if (rev === undefined) {
    const message = `There is a workflow "${id}" already. Save over its rev, or choose another id.`;
    throw new VwmpError('ALREADY_EXISTS', message, { retryable: false });
  }
  if (current === undefined) {
    const message = `There is no workflow "${id}" (any more). Save it without a rev to create it.`;
    throw new VwmpError('NOT_FOUND', message, { retryable: false });
  }
  const message = `The workflow "${id}" was changed in the meantime. Read it again and repeat the change.`;
  throw new VwmpError('REV_CONFLICT', message, { retryable: false, details: { rev: current } });
}
