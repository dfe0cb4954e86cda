import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort, makeTempFolder, removeFolder, type ServerProcess, startServer } from '@vwmp/test-servers';
import { repository } from '../src/files.ts';

/** The built command: `npm test` builds it first. */
export const command: string = join(repository, 'packages/cli/bin/vwmp.js');

/** Settings of whoever runs the tests must not change what they see, nor must the packages of this repository, which `pnpm` names in NODE_PATH. */
export function environment(own: Record<string, string>): NodeJS.ProcessEnv {
  const foreign = Object.keys(process.env).filter((name) => name.startsWith('VWMP_'));
  return { ...process.env, ...Object.fromEntries(foreign.map((name) => [name, ''])), NODE_PATH: '', ...own };
}

/** A server and a worker on one database, with an API key. */
export interface Deployment {
  readonly server: string;
  /** Where the worker answers probes. */
  readonly worker: string;
  readonly key: string;
  readonly folder: string;
  stop(): Promise<void>;
}

/** Starts what `docker-compose.lightweight.yml` does, and a worker beside it, with the handlers of an example. */
export async function startDeployment(example: string): Promise<Deployment> {
  const folder = makeTempFolder('deployment');
  const config = pathToFileURL(join(repository, 'examples', example, 'vwmp.config.ts'));
  writeFileSync(join(folder, 'vwmp.config.mjs'), `export { default } from '${config}';\n`);
  const key = 'k'.repeat(40);
  const processes: ServerProcess[] = [];
  const start = async (args: string[], own: Record<string, string>, sign: string): Promise<string> => {
    const env = environment({
      ...{ VWMP_SQLITE_PATH: join(folder, 'vwmp.db'), VWMP_LOG_FORMAT: 'json', VWMP_API_AUTH: 'keys' },
      ...{ VWMP_API_KEYS: `prometheus:admin:${key}`, ...own },
    });
    // A folder of its own, since the first one that ends takes it away when the test process is gone.
    const process_ = await startServer({ program: process.execPath, args: [command, ...args], folder, env });
    processes.push(process_);
    await process_.wrote(sign);
    return process_.output();
  };
  const port = String(await freePort());
  const [output] = await Promise.all([
    start(['serve'], { VWMP_API_PORT: '0' }, 'VWMP is ready.'),
    start(['worker'], { VWMP_PROBE_PORT: port }, 'The worker is ready.'),
  ]);
  return {
    ...{ server: /"url":"http:\/\/([^"]+)"/.exec(output)![1]!, worker: `127.0.0.1:${port}`, key, folder },
    async stop() {
      for (const each of processes) each.signal('SIGKILL');
      await Promise.all(processes.map(({ ended }) => ended));
      removeFolder(folder);
    },
  };
}

/** Sends JSON to the API. */
export async function call(
  { server, key }: Pick<Deployment, 'server' | 'key'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`http://${server}/api/vwmp${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}
