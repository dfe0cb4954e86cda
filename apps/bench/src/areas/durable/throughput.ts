import { join } from 'node:path';
import { beside, type Figure, plain } from '../../figure.ts';
import { runProgram } from '../../measure/run-program.ts';
import { summarize } from '../../measure/statistics.ts';
import type { ThroughputOptions, ThroughputReport } from '../../programs/durable/throughput.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { type Servers, withServers } from './servers.ts';

const program = import.meta.resolve('../../programs/durable/throughput.ts');
const atATime = [1, 16, 64] as const;

/** Recorded events of one execution. */
const events = 5;

type Setup = Pick<ThroughputOptions, 'environment' | 'yardsticks'>;

async function sqlite({ folder }: Servers): Promise<Setup> {
  const place = folder();
  return {
    environment: { VWMP_SQLITE_PATH: join(place, 'vwmp.db'), VWMP_WORKER_CONCURRENCY: '64' },
    yardsticks: [{ kind: 'sqlite', path: join(place, 'raw.db') }],
  };
}

/** The same by the package instead of the module of Node. */
async function betterSqlite(servers: Servers): Promise<Setup> {
  const { environment, yardsticks } = await sqlite(servers);
  return { environment: { ...environment, VWMP_SQLITE_DRIVER: 'better-sqlite3' }, yardsticks };
}

async function postgres(servers: Servers, round: string): Promise<Setup> {
  const server = await servers.postgres();
  const url = await server.createDatabase(`platform_${round}`);
  return {
    environment: { VWMP_DEPLOYMENT_MODE: 'hybrid', VWMP_DATABASE_URL: url, VWMP_WORKER_CONCURRENCY: '64' },
    yardsticks: [{ kind: 'postgres', url: await server.createDatabase(`raw_${round}`) }],
  };
}

async function redis(servers: Servers, round: string): Promise<Setup> {
  const { environment, yardsticks } = await postgres(servers, round);
  const { url } = await servers.redis();
  return {
    environment: {
      ...environment,
      VWMP_DEPLOYMENT_MODE: 'full',
      VWMP_REDIS_URL: url,
      VWMP_IN_PROCESS_WORKER: 'true',
    },
    yardsticks: [{ kind: 'bullmq', url }, ...yardsticks],
  };
}

type Prepare = (servers: Servers, round: string) => Promise<Setup>;
type Samples = Map<number, ThroughputReport[]>;

async function measureAll(
  bench: Bench,
  prepare: Prepare,
  handler?: ThroughputOptions['handler'],
): Promise<Samples> {
  const [samples] = await measureBeside(bench, [prepare], handler);
  return samples!;
}

/** One after the other, in turns: at once they would measure each other. */
async function measureBeside(
  { core, choose }: Bench,
  prepares: readonly Prepare[],
  handler: ThroughputOptions['handler'] = 'bench.echo',
): Promise<Samples[]> {
  const all = prepares.map((): Samples => new Map(atATime.map((at) => [at, []])));
  await withServers(async (servers) => {
    for (let round = 0; round < choose(3, 1); round++) {
      for (const at of atATime) {
        for (const [index, prepare] of prepares.entries()) {
          const setup = await prepare(servers, `${round}_${at}`);
          const options: ThroughputOptions = { ...setup, handler, at, milliseconds: choose(8000, 2000) };
          all[index]!.get(at)!.push(await runProgram<ThroughputReport>(core, program, options));
        }
      }
    }
  });
  return all;
}

/** Beside commits, of which an execution would take as many as it records events. */
function besideCommits(id: string, title: string, samples: Samples): Figure[] {
  return [...samples].map(([at, reports]) =>
    beside(
      {
        id: `${id}.${at}`,
        what: `${title}, ${at} at a time`,
        unit: 'executions/s',
        by: 'ratio',
        note: cpuOf(reports),
      },
      reports.map(({ executions }) => executions),
      { what: `raw commits ÷ ${events}`, values: reports.map(({ raw }) => raw[0]! / events) },
    ),
  );
}

function cpuOf(reports: readonly ThroughputReport[]): string {
  const { median } = summarize(reports.map(({ cpu }) => cpu * 1000));
  return `${Math.round(median)} µs of CPU of the process for each`;
}

export const sqliteScenario: Scenario = {
  name: 'sqlite',
  title: 'executions of three steps: SQLite (WAL, NORMAL), queue in memory',
  about: 'How close durable executions come to what the database can commit at all.',
  async measure(bench) {
    const [own, better] = await measureBeside(bench, [sqlite, betterSqlite]);
    const computing = await measureAll(bench, sqlite, 'core.set');
    return [
      ...besideCommits('durable.sqlite', 'SQLite', own!),
      ...besideCommits('durable.better-sqlite3', 'SQLite by better-sqlite3', better!),
      ...besideCommits('durable.sqlite-computing', 'core.set only, SQLite', computing),
    ];
  },
};

export const postgresScenario: Scenario = {
  name: 'postgres',
  title: 'executions of three steps: PostgreSQL, queue in memory',
  about: 'The same with a server of its own for the data: one process, no Redis.',
  async measure(bench) {
    const samples = await measureAll(bench, postgres);
    const absolute = [...samples].map(([at, reports]) =>
      plain(
        { id: `durable.postgres-absolute.${at}`, what: `PostgreSQL, ${at} at a time`, unit: 'executions/s' },
        reports.map(({ executions }) => executions),
      ),
    );
    return [...besideCommits('durable.postgres', 'PostgreSQL', samples), ...absolute];
  },
};

export const redisScenario: Scenario = {
  name: 'redis',
  title: 'executions of three steps: PostgreSQL, queue in Redis, one worker',
  about:
    'The same with the queue in Redis. Whoever starts executions and the worker share a process, as BullMQ beside it has them.',
  async measure(bench) {
    const samples = await measureAll(bench, redis);
    return [...samples].map(([at, reports]) =>
      beside(
        {
          id: `durable.redis.${at}`,
          what: `PostgreSQL and Redis, ${at} at a time`,
          unit: 'executions/s',
          by: 'ratio',
          note: cpuOf(reports),
        },
        reports.map(({ executions }) => executions),
        {
          what: `the smaller of raw BullMQ, added to completed, and raw commits ÷ ${events}`,
          values: reports.map(({ raw: [jobs, commits] }) => Math.min(jobs!, commits! / events)),
        },
      ),
    );
  },
};
