import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from '../../measure/child.ts';
import type { Installation } from '../../measure/package.ts';
import { commandIn, startService } from '../modes/vwmp.ts';
import type { Backend, Peer, Place, Running } from './peer.ts';
import { startProgram } from './program.ts';

/** What is installed of VWMP to do what a peer does. */
export function ownPackages({ backend, beside }: Peer): readonly ['core', ...string[]] {
  if (beside === 'server') return ['core', 'queue-memory', 'db-sqlite', 'plugins', 'api', 'designer', 'cli'];
  if (backend === 'redis') return ['core', 'queue-memory', 'queue-redis', 'db-postgres'];
  return ['core', 'queue-memory', backend === 'postgres' ? 'db-postgres' : 'db-sqlite'];
}

/** Saves what the server executes before it is started, as it is done with peers. */
export async function prepareOwn(core: Installation, { backend, beside }: Peer, place: Place): Promise<void> {
  if (beside === 'program') return;
  const file = join(place.data, 'three-steps.yaml');
  writeFileSync(file, workflow);
  await runChild([commandIn(core.folder), 'workflows', 'save', file], {
    ...{ cwd: place.data, env: environmentOf(backend, place) },
  });
}

/** Starts VWMP on the same kind of database: as a program that embeds it, or as the server with its editor. */
export async function startOwn(
  core: Installation,
  { backend, beside }: Peer,
  place: Place,
): Promise<Running> {
  const environment = { ...environmentOf(backend, place), VWMP_WORKER_CONCURRENCY: '64' };
  if (beside === 'program') return startProgram('vwmp.mjs', core.folder, environment);
  const service = await startService(core, environment);
  const workflows = `${service.url}/api/vwmp/workflows/`;
  return {
    ...service,
    health: `${service.url}/healthz`,
    run: `${workflows}three-steps/execute/?wait=1m`,
  };
}

function environmentOf(backend: Backend, { data, databaseUrl, redisUrl }: Place): Record<string, string> {
  if (backend === 'postgres') return { VWMP_DEPLOYMENT_MODE: 'hybrid', VWMP_DATABASE_URL: databaseUrl };
  if (backend === 'redis') {
    return {
      ...{ VWMP_DEPLOYMENT_MODE: 'full', VWMP_IN_PROCESS_WORKER: 'true' },
      ...{ VWMP_DATABASE_URL: databaseUrl, VWMP_REDIS_URL: redisUrl },
    };
  }
  return { VWMP_SQLITE_PATH: join(data, 'vwmp.db') };
}

/** What the server executes: YAML, as all JSON is. */
const workflow: string = JSON.stringify({
  id: 'three-steps',
  name: 'Three steps',
  output: { total: '${steps.total.output}' },
  steps: [
    { id: 'read', handler: 'core.set', config: { value: ['a', 'b', 'c'] } },
    {
      id: 'count',
      handler: 'core.set',
      dependencies: ['read'],
      config: { value: '${size(steps.read.output)}' },
    },
    {
      id: 'total',
      handler: 'core.set',
      dependencies: ['count'],
      config: { value: '${steps.count.output * 2}' },
    },
  ],
});
