import { join } from 'node:path';
import { beside, type Figure, plain } from '../../figure.ts';
import { runProgram } from '../../measure/run-program.ts';
import type { SocketOptions, SocketReport } from '../../programs/api/socket.ts';
import type { Scenario } from '../../scenario.ts';
import { withServers } from '../durable/servers.ts';

const program = import.meta.resolve('../../programs/api/socket.ts');
const atATime = [1, 16] as const;

/** Events on sockets beside messages that a bare `ws` server sends back, in another process on this machine. */
export const socketScenario: Scenario = {
  name: 'socket',
  title:
    'an event on a socket after it is recorded: SQLite, executions of 20 steps, clients in another process',
  about: 'How soon somebody who watches an execution sees what happens.',
  async measure({ core, choose }) {
    const figures: Figure[] = [];
    await withServers(async ({ folder }) => {
      for (const clients of atATime) {
        const reports: SocketReport[] = [];
        for (let round = 0; round < choose(5, 1); round++) {
          const environment = { VWMP_SQLITE_PATH: join(folder(), 'vwmp.db'), VWMP_WORKER_CONCURRENCY: '64' };
          const options: SocketOptions = { environment, clients, executions: choose(400, 100) };
          reports.push(await runProgram<SocketReport>(core, program, options));
        }
        const p99 = reports.map(({ event }) => event.p99);
        const some = clients === 1 ? 'one client' : `${clients} clients that each execute and follow`;
        figures.push(
          plain(
            { id: `api.socket.p99.${clients}`, what: `recorded to received, p99, ${some}`, unit: 'ms' },
            p99,
          ),
          beside(
            { id: `api.socket.raw.${clients}`, what: `the same, p99, ${some}`, unit: 'ms', by: 'ratio' },
            p99,
            { what: 'round trip of bare ws, p99', values: reports.map(({ raw }) => raw.p99) },
          ),
          beside(
            { id: `api.socket.burst.${clients}`, what: `the same, p99, ${some}`, unit: 'ms', by: 'ratio' },
            p99,
            {
              what: 'bare ws that sends as many messages one after the other, p99',
              values: reports.map(({ burst }) => burst.p99),
            },
          ),
          beside(
            {
              id: `api.socket.median.${clients}`,
              what: `the same, median, ${some}`,
              unit: 'ms',
              by: 'ratio',
            },
            reports.map(({ event }) => event.p50),
            { what: 'round trip of bare ws, median', values: reports.map(({ raw }) => raw.p50) },
          ),
        );
      }
    });
    return figures;
  },
};
