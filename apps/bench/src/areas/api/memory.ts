import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beside, type Figure } from '../../figure.ts';
import { runForJson } from '../../measure/child.ts';
import { interleave } from '../../measure/interleave.ts';
import type { Installation } from '../../measure/package.ts';
import type { LoadReport, LoadTask } from '../../programs/api/load.ts';
import { order, threeSteps } from '../../programs/durable/platform.ts';
import type { Scenario } from '../../scenario.ts';
import { mebibyte, Probe } from '../core/probe.ts';
import { type Servers, withServers } from '../durable/servers.ts';
import { startService } from '../modes/vwmp.ts';

const http = `process.getBuiltinModule('node:http').createServer(() => {}).listen(0, '127.0.0.1').unref();`;

/** A server that listens, with a worker in the process. */
function serving(backend: 'file' | 'sqlite', { folder }: Servers, driver = ''): string {
  const path = JSON.stringify(join(folder(), 'data'));
  const name = backend === 'file' ? 'VWMP_FILE_PATH' : 'VWMP_SQLITE_PATH';
  return `const { readSettings } = await import('@vwmp/core/settings');
const { createPlatform } = await import('@vwmp/core/platform');
const { createServer } = await import('@vwmp/api');
const { settings } = readSettings({ VWMP_DATABASE_BACKEND: '${backend}', ${name}: ${path}, VWMP_SQLITE_DRIVER: '${driver}', VWMP_API_PORT: '0' }, { cwd: '/nowhere' });
const platform = await createPlatform(settings, { from: import.meta.dirname, logger: { log() {} } });
await platform.open();
await createServer(platform).listen();
setTimeout(() => process.exit(), 500);`;
}

/** What a server holds resident: idle before anybody asked, after work, and at its peak. */
export const memoryScenario: Scenario = {
  name: 'memory',
  title: 'resident memory of a server with its worker, queue in memory',
  about:
    'A program that listens with `createServer`, and `vwmp serve`, which has V8 spare memory unless VWMP_SPARE_MEMORY is off.',
  measure: ({ core, choose }) =>
    withServers(async (servers): Promise<Figure[]> => {
      const sqliteOf = (): Record<string, string> => ({
        VWMP_SQLITE_PATH: join(servers.folder(), 'vwmp.db'),
      });
      const fileOf = (): Record<string, string> => ({
        VWMP_DATABASE_BACKEND: 'file',
        VWMP_FILE_PATH: join(servers.folder(), 'data'),
      });
      const { bare, plainHttp, file, sqlite, better } = await interleave(choose(9, 3), {
        bare: new Probe(core.folder, 'bare', '').run,
        plainHttp: new Probe(core.folder, 'http', '', http).run,
        file: () => new Probe(core.folder, 'file', '', serving('file', servers)).run(),
        sqlite: () => new Probe(core.folder, 'sqlite', '', serving('sqlite', servers)).run(),
        better: () =>
          new Probe(core.folder, 'better', '', serving('sqlite', servers, 'better-sqlite3')).run(),
      });
      const idles = (flags?: readonly string[]): Promise<Work[][]> =>
        Promise.all(
          [fileOf, sqliteOf].map((of) =>
            Promise.all(Array.from({ length: choose(9, 3) }, () => idle(core, of(), flags))),
          ),
        );
      const [servedFile, servedSqlite] = await idles([]);
      const [deployedFile, deployedSqlite] = await idles();
      const rss = (samples: readonly { rss: number }[]): number[] =>
        samples.map((each) => each.rss / mebibyte);
      const bareNode = { what: 'bare Node', values: rss(bare) };
      const row = { unit: 'MiB', by: 'difference', judged: 'measured' } as const;
      const { spared, spent } = await interleave(choose(5, 1), {
        spared: () => afterWork(core, sqliteOf(), choose(10_000, 2000)),
        spent: () => afterWork(core, { ...sqliteOf(), VWMP_SPARE_MEMORY: 'off' }, choose(10_000, 2000)),
      });
      const peaks = (samples: readonly Work[]): number[] => samples.map(({ peak }) => peak / mebibyte);
      const off = 'with VWMP_SPARE_MEMORY=off';
      return [
        beside({ id: 'api.memory.http', what: 'a plain node:http server', ...row }, rss(plainHttp), bareNode),
        beside({ id: 'api.memory.file', what: 'a program, idle, files', ...row }, rss(file), bareNode),
        beside({ id: 'api.memory.sqlite', what: 'a program, idle, SQLite', ...row }, rss(sqlite), bareNode),
        beside(
          { id: 'api.memory.better-sqlite3', what: 'a program, idle, SQLite by better-sqlite3', ...row },
          rss(better),
          bareNode,
        ),
        beside(
          { id: 'api.memory.serve.file', what: 'vwmp serve, idle for half a minute, files', ...row },
          rss(servedFile!),
          bareNode,
        ),
        beside(
          { id: 'api.memory.serve.sqlite', what: 'vwmp serve, idle for half a minute, SQLite', ...row },
          rss(servedSqlite!),
          bareNode,
        ),
        beside(
          { id: 'api.memory.deployed.file', what: 'the same as its image starts it, files', ...row },
          rss(deployedFile!),
          bareNode,
        ),
        beside(
          { id: 'api.memory.deployed.sqlite', what: 'the same as its image starts it, SQLite', ...row },
          rss(deployedSqlite!),
          bareNode,
        ),
        beside(
          { id: 'api.memory.after', what: 'idle after 10,000 requests and 1,000 executions', ...row },
          rss(spared),
          { what: off, values: rss(spent) },
        ),
        beside({ id: 'api.memory.peak', what: 'the most with 64 clients at a time', ...row }, peaks(spared), {
          what: off,
          values: peaks(spent),
        }),
      ];
    }),
};

interface Work {
  rss: number;
  peak: number;
}

/** `vwmp serve` that nobody has asked anything for half a minute: V8 gives pages back some seconds after the start. */
async function idle(
  core: Installation,
  environment: Record<string, string>,
  flags?: readonly string[],
): Promise<Work> {
  const service = await startService(core, environment, flags);
  try {
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    return readMemory(service.pid);
  } finally {
    await service.end();
  }
}

/** Asks `vwmp serve` for a workflow so often, and executes it a tenth as often, with 64 clients. */
async function afterWork(
  core: Installation,
  environment: Record<string, string>,
  requests: number,
): Promise<Work> {
  const service = await startService(core, environment);
  try {
    await work(Number(new URL(service.url).port), requests);
    return readMemory(service.pid);
  } finally {
    await service.end();
  }
}

async function work(port: number, requests: number): Promise<void> {
  const base = `http://127.0.0.1:${port}/api/vwmp/workflows/`;
  const headers = { 'content-type': 'application/json' };
  await fetch(base, { method: 'POST', headers, body: JSON.stringify(threeSteps('core.set')) });
  const path = '/api/vwmp/workflows/three-steps/';
  const body = JSON.stringify({ parameters: { order } });
  const task = { port, clients: 64, path };
  await load({ ...task, requests, method: 'GET' });
  await load({ ...task, requests: requests / 10, method: 'POST', path: `${path}execute/?wait=1m`, body });
  // What is left once nothing happens any more: V8 looks for garbage some seconds (8 when this was written) after the last work.
  await new Promise((resolve) => setTimeout(resolve, 20_000));
}

async function load(task: LoadTask): Promise<void> {
  const file = fileURLToPath(import.meta.resolve('../../programs/api/load.ts'));
  const args = ['--disable-warning=ExperimentalWarning', file, JSON.stringify(task)];
  const { refused } = await runForJson<LoadReport>(args);
  if (refused > 0) throw new Error(`${refused} requests were not answered with 200.`);
}

function readMemory(pid: number): Work {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) * 1024;
  return { rss: bytes('VmRSS'), peak: bytes('VmHWM') };
}
