import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beside, type Figure } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import type { Scenario } from '../../scenario.ts';
import { withServers } from '../durable/servers.ts';

const http = `process.getBuiltinModule('node:http')
  .createServer((request, response) => response.end('ok'))
  .listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

const service = `import { createServer } from '@vwmp/api';
import { createPlatform } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';
const { settings } = readSettings({ VWMP_FILE_PATH: process.argv[2], VWMP_DATABASE_BACKEND: 'file', VWMP_API_PORT: '0' }, { cwd: '/nowhere' });
const platform = await createPlatform(settings, { from: import.meta.dirname, logger: { log() {} } });
await platform.open();
console.log((await createServer(platform).listen()).port);`;

/** From the start of a process until it has answered `/healthz` for the first time. */
export const startScenario: Scenario = {
  name: 'start',
  title: 'cold start to the first answer of /healthz',
  about: 'How long a deployment, a restart or a scale-out leaves clients waiting.',
  measure: ({ core, choose }) =>
    withServers(async ({ folder }): Promise<Figure[]> => {
      const prepare = (name: string, code: string): (() => Promise<number>) => {
        const file = join(core.folder, `${name}.mjs`);
        writeFileSync(file, code);
        return () => firstAnswer(file, join(folder(), 'data'));
      };
      const { own, plainHttp } = await interleave(choose(15, 5), {
        own: prepare('start-service', service),
        plainHttp: prepare('start-http', http),
      });
      const figure = {
        id: 'api.start',
        what: 'a server with files and its worker',
        unit: 'ms',
        by: 'ratio',
      } as const;
      return [beside(figure, own, { what: 'a plain node:http server', values: plainHttp })];
    }),
};

async function firstAnswer(file: string, data: string): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, [file, data], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    const answer = await fetch(`http://127.0.0.1:${String(port).trim()}/healthz`);
    await answer.text();
    if (!answer.ok) throw new Error(`/healthz was answered with ${answer.status}.`);
    return performance.now() - begun;
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
}
