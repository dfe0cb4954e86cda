import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beside, type Figure, plain } from '../../figure.ts';
import { runProgram } from '../../measure/run-program.ts';
import type { ParkOptions, ParkReport } from '../../programs/idle/park.ts';
import type { Scenario } from '../../scenario.ts';
import { mebibyte } from '../core/probe.ts';
import { withServers } from '../durable/servers.ts';
import { heldBy, type Usage } from '../modes/proc.ts';
import { start } from '../modes/started.ts';
import { startService } from '../modes/vwmp.ts';
import { perMinute, settle } from './watch.ts';

const program = import.meta.resolve('../../programs/idle/park.ts');

const http = `process.getBuiltinModule('node:http')
  .createServer((request, response) => response.end('ok'))
  .listen(0, '127.0.0.1', function () { console.log('ready http://127.0.0.1:' + this.address().port); });`;

interface Sample {
  own: Usage;
  bare: Usage;
  rss: number;
}

/** A server that has much to remember and nothing to do, beside one that has nothing to remember either. */
export const serverScenario: Scenario = {
  name: 'server',
  title: 'vwmp serve with SQLite, 1,000 schedules and 10,000 parked executions, for a minute',
  measure: ({ core, choose }) =>
    withServers(async ({ folder }): Promise<Figure[]> => {
      const environment = { VWMP_SQLITE_PATH: join(folder(), 'vwmp.db') };
      const [schedules, executions] = [1000, 10_000];
      const options: ParkOptions = { environment, schedules, executions };
      const { parked } = await runProgram<ParkReport>(core, program, options);
      if (parked !== executions) throw new Error(`${parked} executions wait and not ${executions}.`);
      const file = join(core.folder, 'idle-http.mjs');
      writeFileSync(file, http);
      const samples: Sample[] = [];
      for (let round = 0; round < choose(3, 1); round++) {
        const bare = await start([file], { ready: /http:\S+/ });
        const own = await startService(core, environment);
        try {
          await answers(own.url);
          await settle(own.pid);
          const [mine, its] = await perMinute([own.pid, bare.pid], choose(60, 30));
          await answers(own.url);
          samples.push({ own: mine!, bare: its!, rss: heldBy(own.pid).rss });
        } finally {
          await Promise.all([own.end(), bare.end()]);
        }
      }
      const values = (of: 'own' | 'bare', key: keyof Usage): number[] => samples.map((each) => each[of][key]);
      const what = 'a plain node:http server in the same minute';
      const by = { by: 'difference', judged: 'measured' } as const;
      return [
        beside(
          { id: 'idle.wakes', what: 'wake-ups of all threads', unit: 'count', ...by },
          values('own', 'wakes'),
          {
            what,
            values: values('bare', 'wakes'),
          },
        ),
        beside({ id: 'idle.cpu', what: 'CPU time', unit: 'ms', ...by }, values('own', 'cpu'), {
          what,
          values: values('bare', 'cpu'),
        }),
        plain(
          { id: 'idle.rss', what: 'resident memory afterwards', unit: 'MiB' },
          samples.map(({ rss }) => rss / mebibyte),
        ),
      ];
    }),
};

/** It is there, and knows what it has to remember. */
async function answers(url: string): Promise<void> {
  const health = await fetch(`${url}/healthz`);
  if (!health.ok) throw new Error(`/healthz was answered with ${health.status}.`);
}
