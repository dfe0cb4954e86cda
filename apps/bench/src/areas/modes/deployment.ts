import { join } from 'node:path';
import type { Installation } from '../../measure/package.ts';
import type { Servers } from '../durable/servers.ts';
import { familyOf } from './proc.ts';
import type { Started } from './started.ts';
import { type Service, startService, startWorker } from './vwmp.ts';

export const modes = ['lightweight', 'hybrid', 'full'] as const;
export type Mode = (typeof modes)[number];

/** All processes of VWMP in one mode; its servers are those of {@link Servers}. */
export interface Deployment {
  service: Service;
  workers: Started[];
  pids(): number[];
  end(): Promise<void>;
}

/** With settings as they are when nothing but the mode and the addresses is given. */
export async function environmentOf(
  mode: Mode,
  servers: Servers,
  name: string,
): Promise<Record<string, string>> {
  if (mode === 'lightweight') return { VWMP_SQLITE_PATH: join(servers.folder(), 'vwmp.db') };
  return {
    VWMP_DEPLOYMENT_MODE: mode,
    VWMP_DATABASE_URL: await (await servers.postgres()).createDatabase(name),
    ...(mode === 'full' && { VWMP_REDIS_URL: (await servers.redis()).url, VWMP_QUEUE_PREFIX: name }),
  };
}

/** Starts the API, and in full mode one worker at the same time. */
export async function deploy(
  core: Installation,
  mode: Mode,
  environment: Readonly<Record<string, string>>,
): Promise<Deployment> {
  const [serving, ...working] = await Promise.allSettled([
    startService(core, environment),
    ...(mode === 'full' ? [startWorker(core, environment)] : []),
  ]);
  const workers = working.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = [serving, ...working].find((each) => each.status === 'rejected');
  if (serving.status === 'rejected' || failed) {
    const started = serving.status === 'fulfilled' ? [serving.value, ...workers] : workers;
    await Promise.all(started.map((each) => each.end()));
    throw failed?.reason;
  }
  const service = serving.value;
  const all = [service, ...workers];
  return {
    ...{ service, workers },
    pids: () => all.flatMap(({ pid }) => familyOf(pid)),
    async end() {
      await Promise.all(all.map((each) => each.end()));
    },
  };
}

/** Saves a workflow and executes it so often, by HTTP. @throws Error when one does not succeed */
export async function execute(url: string, times: number, atATime: number): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const document = {
    id: 'three-steps',
    name: 'Three steps',
    steps: ['a', 'b', 'c'].map((id, i, all) => ({
      id,
      handler: 'core.set',
      ...(i > 0 && { dependencies: [all[i - 1]] }),
      config: { value: i === 0 ? 1 : `\${steps.${all[i - 1]}.output + 1}` },
    })),
    output: { sum: '${steps.c.output}' },
  };
  const workflows = `${url}/api/vwmp/workflows/`;
  await fetch(workflows, { method: 'POST', headers, body: JSON.stringify(document) });
  let left = times;
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const answer = await fetch(`${workflows}three-steps/execute/?wait=1m`, {
        ...{ method: 'POST', headers, body: '{}' },
      });
      const body = (await answer.json()) as { status?: string; output?: { sum?: number } };
      if (body.status !== 'success' || body.output?.sum !== 3)
        throw new Error(
          `An execution was answered with ${answer.status}: ${JSON.stringify(body).slice(0, 500)}`,
        );
    }
  };
  await Promise.all(Array.from({ length: atATime }, lane));
}
