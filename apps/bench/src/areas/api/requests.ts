import { join } from 'node:path';
import { beside, type Figure, plain } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import { runProgram } from '../../measure/run-program.ts';
import type { ServiceOptions, ServiceReport } from '../../programs/api/service.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { type Servers, withServers } from '../durable/servers.ts';

const serviceProgram = import.meta.resolve('../../programs/api/service.ts');
const clients = 16;

/** Each sample has a server and a database of its own; who asks is another process. */
function sample(
  { core }: Bench,
  { folder }: Servers,
  what: ServiceOptions['what'],
  requests: number,
): () => Promise<ServiceReport> {
  return () => {
    const environment = { VWMP_SQLITE_PATH: join(folder(), 'vwmp.db') };
    const options: ServiceOptions = { environment, what, clients, requests };
    return runProgram<ServiceReport>(core, serviceProgram, options);
  };
}

const rates = (reports: readonly ServiceReport[]): number[] => reports.map(({ perSecond }) => perSecond);

/** Reading a workflow beside a server of Hono that gives the same answer and does nothing else. */
export const getScenario: Scenario = {
  name: 'get',
  title: `GET of a workflow: SQLite, ${clients} clients in another process`,
  about: 'What routing, rights and checks take beside a server that only answers.',
  measure: (bench) =>
    withServers(async (servers): Promise<Figure[]> => {
      const requests = bench.choose(30_000, 5000);
      const { get, bare } = await interleave(bench.choose(7, 2), {
        get: sample(bench, servers, 'get', requests),
        bare: sample(bench, servers, 'bare', requests),
      });
      return [
        beside({ id: 'api.get.rate', what: 'read a workflow', unit: 'requests/s', by: 'ratio' }, rates(get), {
          what: 'bare Hono',
          values: rates(bare),
        }),
        plain(
          { id: 'api.get.p99', what: 'the same, p99', unit: 'ms' },
          get.map(({ p99 }) => p99),
        ),
      ];
    }),
};

/** Executing a workflow and waiting for its end, beside the same in the process that would do so. */
export const executeScenario: Scenario = {
  name: 'execute',
  title: `execute three durable steps and wait: SQLite, ${clients} clients in another process`,
  about: 'What starting work over HTTP takes beside starting it within the process; both write to disk.',
  measure: (bench) =>
    withServers(async (servers): Promise<Figure[]> => {
      const requests = bench.choose(8000, 1500);
      const { execute, inside } = await interleave(bench.choose(7, 2), {
        execute: sample(bench, servers, 'execute', requests),
        inside: sample(bench, servers, 'inside', requests),
      });
      return [
        beside(
          { id: 'api.execute.rate', what: 'execute and wait', unit: 'executions/s', by: 'ratio' },
          rates(execute),
          { what: 'started inside of the process', values: rates(inside) },
        ),
        plain({ id: 'api.execute.absolute', what: 'execute and wait', unit: 'executions/s' }, rates(execute)),
        plain(
          { id: 'api.execute.p99', what: 'the same, p99', unit: 'ms' },
          execute.map(({ p99 }) => p99),
        ),
      ];
    }),
};
