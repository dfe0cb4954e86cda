import { beside, type Figure } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { withServers } from '../durable/servers.ts';
import { deploy, environmentOf, execute, type Mode, modes } from './deployment.ts';

interface Sample {
  health: number;
  execution: number;
}

/** The servers run already and the database is there: what is measured is VWMP. */
export const startScenario: Scenario = {
  name: 'start',
  title: 'from starting the processes of a mode to the first answers, its servers running',
  measure: (bench) =>
    withServers(async (servers): Promise<Figure[]> => {
      const environments = new Map<Mode, Record<string, string>>();
      for (const mode of modes) {
        const environment = await environmentOf(mode, servers, `start_${mode}`);
        environments.set(mode, environment);
        // Migrations and the compile cache.
        await sample(bench, mode, environment);
      }
      const run = (mode: Mode) => () => sample(bench, mode, environments.get(mode)!);
      const samples = await interleave(bench.choose(9, 3), {
        lightweight: run('lightweight'),
        hybrid: run('hybrid'),
        full: run('full'),
      });
      const figure = (mode: Mode, key: keyof Sample, what: string): Figure =>
        beside(
          {
            id: `modes.start.${mode}.${key}`,
            what: `${mode}: ${what}`,
            unit: 'ms',
            by: 'ratio',
            judged: 'measured',
          },
          samples[mode].map((each) => each[key]),
          { what: 'lightweight', values: samples.lightweight.map((each) => each[key]) },
        );
      return modes.flatMap((mode) => [
        figure(mode, 'health', 'to the first answer of /healthz, all processes ready'),
        figure(mode, 'execution', 'to the end of the first execution'),
      ]);
    }),
};

async function sample({ core }: Bench, mode: Mode, environment: Record<string, string>): Promise<Sample> {
  const begun = performance.now();
  const deployment = await deploy(core, mode, environment);
  try {
    await (await fetch(`${deployment.service.url}/healthz`)).text();
    const health = performance.now() - begun;
    await execute(deployment.service.url, 1, 1);
    return { health, execution: performance.now() - begun };
  } finally {
    await deployment.end();
  }
}
