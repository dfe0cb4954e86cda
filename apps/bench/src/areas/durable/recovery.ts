import { join } from 'node:path';
import { type Figure, plain } from '../../figure.ts';
import { runProgram } from '../../measure/run-program.ts';
import type { RecoveryOptions, RecoveryReport } from '../../programs/durable/recovery.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { withServers } from './servers.ts';

const program = import.meta.resolve('../../programs/durable/recovery.ts');

/** A worker has died with very many executions: how soon does the first one go on, and does everything else go on as well? */
export const recoveryScenario: Scenario = {
  name: 'recovery',
  title: '100,000 executions that a dead worker left, on SQLite',
  about: 'How soon work goes on after a crash, however much of it was left.',
  async measure({ core, choose }: Bench): Promise<Figure[]> {
    const executions = choose(100_000, 10_000);
    const reports: RecoveryReport[] = [];
    await withServers(async ({ folder }) => {
      for (let round = 0; round < choose(3, 1); round++) {
        const path = join(folder(), 'vwmp.db');
        await runProgram(core, program, { part: 'leave', path, executions } satisfies RecoveryOptions);
        reports.push(
          await runProgram<RecoveryReport>(core, program, {
            part: 'recover',
            path,
            executions,
          } satisfies RecoveryOptions),
        );
      }
    });
    return [
      plain(
        { id: 'recovery.first', what: 'from opening until the first one goes on', unit: 'ms' },
        reports.map(({ first }) => first),
      ),
      plain(
        { id: 'recovery.delay', what: 'delay of the event loop meanwhile, p99', unit: 'ms' },
        reports.map(({ delay }) => delay),
      ),
      plain(
        { id: 'recovery.rate', what: 'carried to their end', unit: 'executions/s' },
        reports.map(({ rate }) => rate),
      ),
      plain(
        { id: 'recovery.most', what: 'in memory at a time, at most', unit: 'count' },
        reports.map(({ most }) => most),
      ),
    ];
  },
};
