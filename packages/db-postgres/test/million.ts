/**
 * How long lists, searches, readiness and pruning take among a million executions: `node --conditions=source test/million.ts`.
 */
import { startPostgres } from '@vwmp/test-servers';
import { connect } from '../src/connection/connection.ts';
import { readSettings } from '../src/connection/settings.ts';
import { createPostgresStorage } from '../src/index.ts';

const total = 1_000_000;
const begin = Date.UTC(2024, 0, 1);
const second = 1000;

const server = await startPostgres({ disk: true });
const url = await server.createDatabase('million');
const storage = createPostgresStorage({ url, timeout: 120_000 });
await storage.open();
const { executions } = storage;

const connection = await connect(readSettings(url), 10_000);
await connection.run(
  `insert into documents values ('h', '{"name":"x","steps":[]}');
  insert into executions (id, workflow_id, workflow_version, status, started_at, completed_at, error_code, error_message,
      error_words, epoch, document_hash, owner, wake_at, ready_since, inbox, listed, parent_id)
    select 'exec-' || md5(i::text), 'workflow-' || i % 50, '1.0.0', status, at,
      case when status in ('success', 'failed') then at + 5000 end,
      case when status = 'failed' then 'STEP_FAILED' end,
      case when status = 'failed' then 'The step s' || i % 1000 || ' failed' end,
      case when status = 'failed' then 'the step s' || i % 1000 || ' failed' end,
      1, 'h', case when status = 'running' then 'w' || i % 8 end, case when status = 'waiting' then at + 1e12::bigint end,
      case when status = 'pending' then at end, 0, at, case when i % 10 = 0 then 'exec-' || md5((i / 100)::text) end
    from (select i, ${begin} + i * ${second}::bigint as at, case when i % 100 < 85 then 'success' when i % 100 < 95 then 'failed'
        when i % 100 < 98 then 'waiting' when i % 100 < 99 then 'running' else 'pending' end as status
      from generate_series(1, ${total}) as i) as rows;
  insert into events select id, n, started_at, '{"event":"x"}' from executions, generate_series(1, 2) as n;
  insert into tallies select workflow_id, status, 0, count(*) from executions group by 1, 2`,
  3_600_000,
);
await connection.run('vacuum analyze', 3_600_000);
await connection.close();

const iso = (seconds: number): string => new Date(begin + seconds * second).toISOString();
const day = 86_400;
await time('list', () => executions.list());
await time('list of those that failed', () => executions.list({ status: ['failed'] }));
await time('list of those that go on', () => executions.list({ status: ['pending', 'running', 'waiting'] }));
await time('list of a workflow', () => executions.list({ workflow_id: 'workflow-7' }));
await time('list of a day', () =>
  executions.list({ started_after: iso(3 * day), started_before: iso(4 * day) }),
);
await time('list of half of all', () => executions.list({ started_after: iso(total / 2) }));
await time('search for the beginning of an id', () => executions.list({ q: 'exec-abc' }));
await time('search that finds all', () => executions.list({ q: 'EXEC' }));
await time('search for words of 1,000 errors', () => executions.list({ q: 'step s90' }));
await time('search for words of 100,000 errors', () => executions.list({ q: 'failed' }));
await time('search for nothing', () => executions.list({ q: 'zzzz' }));
await time('children', () => executions.list({ parent_id: 'exec-0' }));
await time('100 that are ready', () => executions.ready(Date.now(), 100));
await time('when something is ready', async () => void (await executions.nextReady()));
await time('prune 100 by age', () => executions.prune({ max_age: 1 }, begin + 100_000 * second, 100));
await time('prune 100 by count', () => executions.prune({ max_count: 100 }, Date.now(), 100));
await storage.close();
await server.stop();

async function time(what: string, work: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  let result: unknown;
  for (let n = 0; n < 5; n++) {
    const begun = performance.now();
    result = await work();
    times.push(performance.now() - begun);
  }
  const [first, ...others] = times.map((each) => Math.round(each * 10) / 10);
  const count = (result as { count?: number } | undefined)?.count;
  console.log(
    `${what}: ${first} ms, then ${Math.min(...others)} ms${count === undefined ? '' : `, ${count} found`}`,
  );
}
