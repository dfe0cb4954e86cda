import { setTimeout as pass } from 'node:timers/promises';
import { beside, type Figure } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { mebibyte } from '../core/probe.ts';
import { type Servers, withServers } from '../durable/servers.ts';
import { deploy, environmentOf, execute, type Mode } from './deployment.ts';
import { type Held, heldByAll, ownProcesses } from './proc.ts';

interface Sample {
  /** VWMP's processes and the servers that they need. */
  all: Held & { once: number };
  /** VWMP's processes alone. */
  own: Held;
  processes: number;
}

/** Everything that has to run for a mode, after some work. Pages that processes share are counted once, divided among them. */
export const memoryScenario: Scenario = {
  name: 'memory',
  title: 'memory of all processes after 200 executions, PostgreSQL and Redis included',
  async measure(bench): Promise<Figure[]> {
    let round = 0;
    const run = (mode: Mode) => () =>
      withServers((servers) => sample(bench, servers, mode, `modes_${round++}`));
    const samples = await interleave(bench.choose(5, 2), {
      lightweight: run('lightweight'),
      hybrid: run('hybrid'),
      full: run('full'),
    });
    const held = (mode: Mode, of: 'all' | 'own', key: keyof Held): number[] =>
      samples[mode].map((each) => each[of][key] / mebibyte);
    const what: Record<Mode, string> = {
      lightweight: 'lightweight: one process with SQLite',
      hybrid: 'hybrid: one process, PostgreSQL',
      full: 'full: API, one worker, PostgreSQL, Redis',
    };
    return (['lightweight', 'hybrid', 'full'] as const).flatMap((mode) => [
      beside(
        {
          ...{ id: `modes.${mode}`, what: what[mode], unit: 'MiB', by: 'ratio' },
          note: `${samples[mode][0]!.processes} processes; shared pages divided among those that share them`,
        },
        held(mode, 'all', 'pss'),
        { what: 'full', values: held('full', 'all', 'pss') },
      ),
      beside(
        {
          ...{ id: `modes.${mode}.once`, unit: 'MiB', by: 'ratio' },
          what: `${mode}: with shared pages counted once for each program`,
          note: 'as if nothing else on the machine ran Node or PostgreSQL',
        },
        samples[mode].map(({ all }) => all.once / mebibyte),
        { what: 'full', values: samples.full.map(({ all }) => all.once / mebibyte) },
      ),
      beside(
        { id: `modes.${mode}.dirty`, what: `${mode}: private dirty`, unit: 'MiB', by: 'ratio' },
        held(mode, 'all', 'dirty'),
        { what: 'full', values: held('full', 'all', 'dirty') },
      ),
      beside(
        { id: `modes.${mode}.own`, what: `${mode}: resident, without the servers`, unit: 'MiB', by: 'ratio' },
        held(mode, 'own', 'rss'),
        { what: 'full', values: held('full', 'own', 'rss') },
      ),
    ]);
  },
};

async function sample({ core }: Bench, servers: Servers, mode: Mode, name: string): Promise<Sample> {
  const deployment = await deploy(core, mode, await environmentOf(mode, servers, name));
  try {
    await execute(deployment.service.url, 200, 8);
    // What is left once nothing happens any more.
    await pass(3000);
    const own = deployment.pids();
    const pids = [...own, ...ownProcesses('postgres'), ...ownProcesses('redis-server')];
    return { all: heldByAll(pids), own: heldByAll(own), processes: pids.length };
  } finally {
    await deployment.end();
  }
}
