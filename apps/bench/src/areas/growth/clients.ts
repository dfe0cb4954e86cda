import { join } from 'node:path';
import { beside, type Figure, plain } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import { runProgram } from '../../measure/run-program.ts';
import type { ServiceOptions, ServiceReport } from '../../programs/api/service.ts';
import type { Scenario } from '../../scenario.ts';
import { withServers } from '../durable/servers.ts';

const program = import.meta.resolve('../../programs/api/service.ts');

const atATime = [1, 4, 16, 64] as const;
type Clients = (typeof atATime)[number];

/** More clients get more done together, until the cores are busy; then nobody waits longer than his share. */
export const clientsScenario: Scenario = {
  name: 'clients',
  title: 'execute three durable steps and wait, with 1 to 64 clients (SQLite)',
  measure: ({ core, choose }) =>
    withServers(async ({ folder }): Promise<Figure[]> => {
      const run = (clients: number) => () => {
        const environment = { VWMP_SQLITE_PATH: join(folder(), 'vwmp.db') };
        const requests = choose(clients === 1 ? 2000 : 6000, 600);
        const options: ServiceOptions = { environment, what: 'execute', clients, requests };
        return runProgram<ServiceReport>(core, program, options);
      };
      const samples = await interleave(choose(5, 1), {
        c1: run(1),
        c4: run(4),
        c16: run(16),
        c64: run(64),
      });
      const rates = (clients: Clients): number[] => samples[`c${clients}`].map(({ perSecond }) => perSecond);
      const one = { what: 'with one client', values: rates(1) };
      return atATime.flatMap((clients) => {
        const what = clients === 1 ? 'one client' : `${clients} clients`;
        return [
          beside(
            { id: `growth.clients.${clients}`, what, unit: 'executions/s', by: 'ratio' },
            rates(clients),
            one,
          ),
          plain(
            { id: `growth.clients.${clients}.p99`, what: `${what}, p99`, unit: 'ms' },
            samples[`c${clients}`].map(({ p99 }) => p99),
          ),
        ];
      });
    }),
};
