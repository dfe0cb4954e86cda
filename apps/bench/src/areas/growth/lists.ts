import { join } from 'node:path';
import { beside, type Figure, plain } from '../../figure.ts';
import { runProgram } from '../../measure/run-program.ts';
import { summarize } from '../../measure/statistics.ts';
import type { FillReport, ListsOptions, ListsReport } from '../../programs/growth/lists.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { type Servers, withServers } from '../durable/servers.ts';

const program = import.meta.resolve('../../programs/growth/lists.ts');

const titles: Record<string, string> = {
  page: 'the newest page',
  later: 'a page in the middle',
  workflow: 'of a workflow',
  status: 'that failed',
  statuses: 'that failed or were cancelled',
  both: 'of a workflow, that failed',
  since: 'of the last quarter of an hour',
  id: 'by the beginning of an id',
  word: 'by a rare word of the error',
  words: 'by words that every error has',
  count: 'how many there are',
};

/** Finds one of twenty, so the more there are the more it has to count. */
const exact = 'words';
const counting = 'what it finds grows with what is there, and is counted exactly';

async function environmentOf(
  backend: 'sqlite' | 'postgres',
  servers: Servers,
  size: number,
): Promise<Record<string, string>> {
  if (backend === 'sqlite') return { VWMP_SQLITE_PATH: join(servers.folder(), 'vwmp.db') };
  const url = await (await servers.postgres()).createDatabase(`growth_${size}`);
  return { VWMP_DEPLOYMENT_MODE: 'hybrid', VWMP_DATABASE_URL: url };
}

function lists(backend: 'sqlite' | 'postgres', name: string): Scenario {
  return {
    name: backend,
    title: `lists and search in ${name}, p99 over 1,000,000 executions beside that over 1,000`,
    measure: ({ core, choose }: Bench) =>
      withServers(async (servers): Promise<Figure[]> => {
        const sizes = [1000, 10_000, 100_000, 1_000_000].filter((size) => size <= choose(1_000_000, 100_000));
        const storages: ListsOptions['storages'] = [];
        for (const size of sizes)
          storages.push({ size, environment: await environmentOf(backend, servers, size) });
        const options: ListsOptions = {
          part: 'fill',
          storages,
          rounds: choose(5, 3),
          samples: choose(200, 100),
        };
        const { executionsPerSecond } = await runProgram<FillReport>(core, program, options);
        if (backend === 'postgres') {
          // What autovacuum does by itself within a minute.
          const { sql } = await servers.postgres();
          for (const size of sizes) await sql('vacuum analyze', `growth_${size}`);
        }
        const { times } = await runProgram<ListsReport>(core, program, { ...options, part: 'ask' });
        const [least, most] = [sizes[0]!, sizes.at(-1)!];
        const figures = Object.entries(times).map(([question, bySize]) => {
          const p99 = (size: number): number[] => bySize[size]!.map((each) => each.p99);
          const medians = sizes.map(
            (size) =>
              `${summarize(bySize[size]!.map((each) => each.p50)).median.toFixed(2)} ms at ${size.toLocaleString('en')}`,
          );
          return beside(
            {
              ...{
                id: `growth.${backend}.${question}`,
                what: titles[question] ?? question,
                unit: 'ms',
                by: 'ratio',
              },
              note: [`p50 ${medians.join(', ')}`, ...(question === exact ? [counting] : [])].join('; '),
            },
            p99(most),
            { what: `over ${least.toLocaleString('en')}`, values: p99(least) },
          );
        });
        const fill = {
          id: `growth.${backend}.import`,
          what: 'filled by importing',
          unit: 'executions/s',
        } as const;
        return [...figures, plain(fill, [executionsPerSecond])];
      }),
  };
}

export const sqliteScenario: Scenario = lists('sqlite', 'SQLite');
export const postgresScenario: Scenario = lists('postgres', 'PostgreSQL');
