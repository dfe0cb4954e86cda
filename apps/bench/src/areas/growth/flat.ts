import { fileURLToPath } from 'node:url';
import type { Figure } from '../../figure.ts';
import { plain } from '../../figure.ts';
import { runForJson } from '../../measure/child.ts';
import type { LoadReport, LoadTask } from '../../programs/api/load.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { mebibyte } from '../core/probe.ts';
import { withServers } from '../durable/servers.ts';
import { deploy, environmentOf, execute, type Mode } from '../modes/deployment.ts';
import { heldBy } from '../modes/proc.ts';
import { slope } from './slope.ts';

const samples = 25;

/** Nothing of an execution that has ended stays in a process. */
function flat(mode: Mode, name: string, title: string): Scenario {
  return {
    name,
    title,
    measure: ({ core, choose }: Bench) =>
      withServers(async (servers): Promise<Figure[]> => {
        const executions = choose(100_000, 10_000);
        const environment = {
          ...(await environmentOf(mode, servers, 'flat')),
          VWMP_WORKER_CONCURRENCY: '32',
        };
        const deployment = await deploy(core, mode, environment);
        const processes = [
          { what: mode === 'full' ? 'the API' : 'the server', pid: deployment.service.pid },
          ...deployment.workers.map(({ pid }) => ({ what: 'the worker', pid })),
        ];
        const points = processes.map((): [number, number][] => []);
        try {
          await execute(deployment.service.url, 50, 8);
          const port = Number(new URL(deployment.service.url).port);
          // Until the heap has found its size: V8 takes pages of its young generation into use for some 50,000 executions.
          await load(port, executions);
          for (let i = 0; i <= samples; i++) {
            if (i > 0) await load(port, executions / samples);
            for (const [p, { pid }] of processes.entries())
              points[p]!.push([(i * executions) / samples, heldBy(pid).rss]);
          }
        } finally {
          await deployment.end();
        }
        return processes.flatMap(({ what }, p) => {
          const values = points[p]!.map(([, bytes]) => bytes / mebibyte);
          const id = `growth.${name}.${what.split(' ')[1]!.toLowerCase()}`;
          return [
            slope({ id, what: `resident memory of ${what}, for each execution` }, points[p]!),
            plain({ id: `${id}.rss`, what: `resident memory of ${what} all the while`, unit: 'MiB' }, values),
          ];
        });
      }),
  };
}

async function load(port: number, requests: number): Promise<void> {
  const path = '/api/vwmp/workflows/three-steps/execute/?wait=1m';
  const task: LoadTask = {
    ...{ port, method: 'POST', path, body: '{}' },
    ...{ clients: 16, requests: Math.round(requests) },
  };
  const file = fileURLToPath(import.meta.resolve('../../programs/api/load.ts'));
  const args = ['--disable-warning=ExperimentalWarning', file, JSON.stringify(task)];
  const { refused } = await runForJson<LoadReport>(args);
  if (refused > 0) throw new Error(`${refused} executions were not answered with 200.`);
}

export const flatScenario: Scenario = flat(
  'lightweight',
  'flat',
  'memory over 100,000 executions by HTTP: one server with SQLite',
);
export const flatFullScenario: Scenario = flat(
  'full',
  'flat-full',
  'memory over 100,000 executions by HTTP: API and worker with PostgreSQL and Redis',
);
