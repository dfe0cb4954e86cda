import { sql } from 'drizzle-orm';
import type { Dialect } from '../query/dialect.ts';
import { rowsOf, type Steps } from '../query/steps.ts';
import { fromText } from '../values/text.ts';

/** So many executions one query looks at. */
const stride = 250;
/** So many problems are told of each kind: what is wrong with thousands has one reason. */
const most = 20;

/** What of it must hold; the answer of each is 1 where it does not. */
const rules: readonly [name: string, broken: string][] = [
  ['has no document', 'not exists (select 1 from documents as d where d.hash = e.document_hash)'],
  [
    'has a gap in its events',
    'coalesce((select max(v.seq) from events as v where v.execution_id = e.id), 0) <> (select count(*) from events as v where v.execution_id = e.id)',
  ],
  ['has no events', 'not exists (select 1 from events as v where v.execution_id = e.id and v.seq = 1)'],
  [
    'has another number of messages than it says',
    'e.inbox <> (select count(*) from messages as m where m.execution_id = e.id)',
  ],
  [
    'has ended and still waits, or is owned',
    'e.completed_at is not null and (e.owner is not null or e.wake_at is not null or e.ready_since is not null or e.turn is not null or e.inbox <> 0)',
  ],
  [
    'is owned and waits at the same time',
    'e.owner is not null and (e.wake_at is not null or e.ready_since is not null)',
  ],
  ['is ready at once and at a time', 'e.wake_at is not null and e.ready_since is not null'],
  ['is listed under another start', 'e.listed is not null and e.listed <> e.started_at'],
];

/**
 * What contradicts itself in a database, for people, beyond what the database finds itself.
 *
 * @param extra - rules that hold for one of the databases only
 */
export function* findContradictions(
  dialect: Dialect,
  extra: readonly [name: string, broken: string][] = [],
): Steps<string[]> {
  const all = [...rules, ...extra];
  const found = new Map<string, string[]>();
  const note = (what: string, id: string): void => {
    found.set(what, [...(found.get(what) ?? []), fromText(id)]);
  };
  const tests = all.map(([, broken], index) => `case when ${broken} then 1 else 0 end as r${index}`);
  for (let after = ''; ; ) {
    const rows = yield* rowsOf<{ id: string } & Record<string, string | number>>(
      sql`select e.id, ${sql.raw(tests.join(', '))} from ${dialect.tables.executions} as e where e.id > ${after} order by e.id limit ${stride}`,
    );
    for (const row of rows) {
      for (const [index, [what]] of all.entries()) if (Number(row[`r${index}`]) === 1) note(what, row.id);
    }
    if (rows.length < stride) break;
    after = rows.at(-1)!.id;
  }
  const problems: string[] = [];
  for (const [what, ids] of found) {
    for (const id of ids.slice(0, most)) problems.push(`The execution "${id}" ${what}.`);
    if (ids.length > most) problems.push(`So it is with ${ids.length - most} more.`);
  }
  for (const table of ['events', 'messages', 'logs'] as const)
    problems.push(...(yield* orphans(dialect, table)));
  problems.push(...(yield* miscounts(dialect)));
  return problems;
}

/** Rows of executions that are not there. */
function* orphans({ tables }: Dialect, name: 'events' | 'messages' | 'logs'): Steps<string[]> {
  const table = tables[name];
  const problems: string[] = [];
  let [last] = yield* rowsOf<{ id: string | null }>(
    sql`select min(${table.execution_id}) as id from ${table}`,
  );
  while (last?.id != null && problems.length < most) {
    const { id }: { id: string | null } = last;
    const [there] = yield* rowsOf(
      sql`select 1 as one from ${tables.executions} where ${tables.executions.id} = ${id}`,
    );
    if (!there) problems.push(`There are ${name} of an execution "${fromText(id!)}" that is not there.`);
    [last] = yield* rowsOf<{ id: string | null }>(
      sql`select min(${table.execution_id}) as id from ${table} where ${table.execution_id} > ${id}`,
    );
  }
  return problems;
}

/** Tallies that do not say how many executions there are. */
function* miscounts({ tables: { executions, tallies } }: Dialect): Steps<string[]> {
  const counted = sql`select ${executions.workflow_id}, ${executions.status}, count(*) as n from ${executions} where ${executions.listed} is not null group by 1, 2`;
  const said = sql`select ${tallies.workflow_id}, ${tallies.status}, -${tallies.n} as n from ${tallies}`;
  const wrong = yield* rowsOf<{ workflow_id: string; status: string; off: number }>(
    sql`select workflow_id, status, sum(n) as off from (${counted} union all ${said}) as both_of_them group by 1, 2 having sum(n) <> 0 limit ${most}`,
  );
  return wrong.map(
    ({ workflow_id, status, off }) =>
      `The tally of executions of "${fromText(workflow_id)}" with the status "${status}" is wrong by ${-off}.`,
  );
}
