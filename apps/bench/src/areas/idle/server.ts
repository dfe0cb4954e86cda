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
import { perMinute, rest, settle } from './watch.ts';

const program = import.meta.resolve('../../programs/idle/park.ts');

const http = `process.getBuiltinModule('node:http')
  .createServer((request, response) => response.end('ok'))
  .listen(0, '127.0.0.1', function () { console.log('ready http://127.0.0.1:' + this.address().port); });`;

/** What server and yardstick used in a minute. */
type Minute = readonly [own: Usage, bare: Usage];

/** A server that has much to remember and nothing to do, beside one that has nothing to remember either. */
export const serverScenario: Scenario = {
  name: 'server',
  title: 'vwmp serve with SQLite, 1,000 schedules and 10,000 parked executions, for a minute',
  measure: ({ core, quick }) =>
    withServers(async ({ folder }): Promise<Figure[]> => {
      const environment = { VWMP_SQLITE_PATH: join(folder(), 'vwmp.db') };
      const [schedules, executions] = [1000, 10_000];
      const options: ParkOptions = { environment, schedules, executions };
      const { parked } = await runProgram<ParkReport>(core, program, options);
      if (parked !== executions) throw new Error(`${parked} executions wait and not ${executions}.`);
      const file = join(core.folder, 'idle-http.mjs');
      writeFileSync(file, http);
      const bare = await start([file], { ready: /http:\S+/ });
      const own = await startService(core, environment);
      const minute = async (seconds: number): Promise<Minute> => {
        const [mine, its] = await perMinute([own.pid, bare.pid], seconds);
        return [mine!, its!];
      };
      try {
        await answers(own.url);
        await settle(own.pid);
        const rss = plain({ id: 'idle.rss', what: 'resident memory once it has started', unit: 'MiB' }, [
          heldBy(own.pid).rss / mebibyte,
        ]);
        const first = figuresOf('idle.first', 'the first minute', [await minute(quick ? 30 : 60)]);
        if (quick) return [...first, rss];
        await rest(own.pid);
        const minutes = [await minute(60), await minute(60), await minute(60)];
        const later = { id: 'idle.rss.later', what: 'resident memory when it rests', unit: 'MiB' } as const;
        const rssLater = plain(later, [heldBy(own.pid).rss / mebibyte]);
        await answers(own.url);
        return [...figuresOf('idle', 'a minute at rest', minutes), ...first, rss, rssLater];
      } finally {
        await Promise.all([own.end(), bare.end()]);
      }
    }),
};

function figuresOf(id: string, when: string, minutes: readonly Minute[]): Figure[] {
  const figure = (key: keyof Usage, what: string, unit: 'count' | 'ms'): Figure =>
    beside(
      { id: `${id}.${key}`, what: `${what}, ${when}`, unit, by: 'difference', judged: 'measured' },
      minutes.map(([own]) => own[key]),
      { what: 'a plain node:http server in the same minute', values: minutes.map(([, bare]) => bare[key]) },
    );
  return [figure('wakes', 'wake-ups of all threads', 'count'), figure('cpu', 'CPU time', 'ms')];
}

/** It is there, and knows what it has to remember. */
async function answers(url: string): Promise<void> {
  const health = await fetch(`${url}/healthz`);
  if (!health.ok) throw new Error(`/healthz was answered with ${health.status}.`);
}
