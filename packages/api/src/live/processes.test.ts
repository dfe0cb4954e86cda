import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionEvent, WorkflowDocument } from '@vwmp/core';
import { createPostgresStorage } from '@vwmp/db-postgres';
import { createSqliteStorage } from '@vwmp/db-sqlite';
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '@vwmp/test-servers';
import { afterAll, afterEach, expect, it } from 'vitest';
import { connect } from './testing/connect.ts';
import { chain, recordedOf } from './testing/platform.ts';

const folder = mkdtempSync(join(tmpdir(), 'vwmp-live-'));
const children: ChildProcess[] = [];
let postgres: Promise<PostgresServer> | undefined;
let redis: Promise<RedisServer> | undefined;

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'close');
  }
});
afterAll(async () => {
  await Promise.all([postgres, redis].map(async (server) => (await server)?.stop()));
  rmSync(folder, { recursive: true, force: true });
});

interface Place {
  env: Record<string, string>;
  /** The documents that processes execute. */
  save(): Promise<void>;
  /** Of the two processes: whether they work on executions. */
  works: [boolean, boolean];
  /** What is only announced gets from one to the other. */
  tells: boolean;
}

/** Goes on when it is told to; a moment later, as it takes one until a process knows that somebody watches in another one. */
const document: WorkflowDocument = {
  ...{ id: 'long', name: 'long' },
  steps: [
    { id: 'wait', handler: 'core.wait', config: { signal: 'go' } },
    { id: 'nap', handler: 'core.sleep', config: { duration: '700ms' }, dependencies: ['wait'] },
    ...chain('long', 20, 10).steps.map((step) => ({ dependencies: ['nap'], ...step })),
  ],
};
const draft = { id: 'long', name: 'long', type: 'generic', version: '0.1.0', text: JSON.stringify(document) };

async function database(): Promise<{ url: string; save(): Promise<void> }> {
  postgres ??= startPostgres();
  const url = await (await postgres).createDatabase(`live_${Math.random().toString(36).slice(2)}`);
  const save = async (): Promise<void> => {
    const storage = createPostgresStorage({ url });
    await storage.open();
    await storage.workflows.save(draft, undefined);
    await storage.close();
  };
  return { url, save };
}

const places: Record<string, () => Promise<Place>> = {
  'two processes on one SQLite file': async () => {
    const path = join(folder, `${Math.random()}.db`);
    return {
      env: { VWMP_DEPLOYMENT_MODE: 'lightweight', VWMP_SQLITE_PATH: path },
      works: [true, true],
      tells: false,
      async save() {
        const storage = createSqliteStorage({ path });
        await storage.open();
        await storage.workflows.save(draft, undefined);
        await storage.close();
      },
    };
  },
  'two processes with PostgreSQL': async () => {
    const { url, save } = await database();
    return {
      env: { VWMP_DEPLOYMENT_MODE: 'hybrid', VWMP_DATABASE_URL: url },
      works: [true, true],
      tells: true,
      save,
    };
  },
  'a worker and a process that only serves, with Redis and PostgreSQL': async () => {
    const { url, save } = await database();
    redis ??= startRedis();
    const { url: redisUrl } = await redis;
    const env = { VWMP_DEPLOYMENT_MODE: 'full', VWMP_DATABASE_URL: url, VWMP_REDIS_URL: redisUrl };
    return { env, works: [true, false], tells: true, save };
  },
};

async function startProcess(
  env: Record<string, string>,
  works: boolean,
): Promise<{ child: ChildProcess; port: number }> {
  const file = fileURLToPath(new URL('testing/live-child.ts', import.meta.url));
  const flags = ['--conditions=source', '--no-warnings', file, JSON.stringify({ env, works })];
  const child = spawn(process.execPath, flags, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const ended = once(child, 'close').then(() => {
    throw new Error('The process ended before it served.');
  });
  const [line] = (await Promise.race([once(child.stdout!, 'data'), ended])) as [Buffer];
  ended.catch(() => undefined);
  return { child, port: Number(line.toString()) };
}

/** Follows an execution through one process after the other. */
interface Wanderer {
  /** It has come to where the execution waits. */
  readonly waits: Promise<void>;
  /** What it got. */
  readonly ended: Promise<ExecutionEvent[]>;
}

/**
 * @param ports - of the processes that are there; asked anew each time
 * @param patience - it goes to the next one after so many events
 */
function wander(id: string, ports: () => number[], patience: number): Wanderer {
  const events: ExecutionEvent[] = [];
  const waits = Promise.withResolvers<void>();
  const walk = async (): Promise<ExecutionEvent[]> => {
    for (let turn = patience; ; turn++) {
      const choice = ports();
      const path = `/ws/vwmp/executions/${id}?after=${events.at(-1)?.seq ?? 0}`;
      const { ws, messages, closed } = connect(choice[turn % choice.length]!, path);
      ws.on('message', () => {
        if (messages.at(-1)!.event === 'step_waiting') waits.resolve();
        if (messages.length >= patience) ws.terminate();
      });
      const { code } = await closed;
      events.push(...(messages as unknown as ExecutionEvent[]));
      if (code === 1000) return events;
    }
  };
  return { waits: waits.promise, ended: walk() };
}

function executeAt(port: number): Promise<string> {
  const { ws, until, messages } = connect(port, '/ws/vwmp/workflows/long/execute', { first: {} });
  return until((all) => all.length > 0).then(() => {
    ws.terminate();
    return messages[0]!.execution_id as string;
  });
}

const names = Object.keys(places);

it.each(names)('%s: clients go from one to the other without a gap or a double', async (name) => {
  const { env, works, tells, save } = await places[name]!();
  await save();
  const [a, b] = await Promise.all([startProcess(env, works[0]), startProcess(env, works[1])]);
  const ports = [a.port, b.port];
  for (const [n, port] of ports.entries()) {
    const id = await executeAt(port);
    const wanderers = [4, 9, 30].map((patience) => wander(id, () => ports, patience));
    const sitting = ports.map((each) => wander(id, () => [each], 1e6));
    await Promise.all([...wanderers, ...sitting].map(({ waits }) => waits));
    [a, b][n]!.child.stdin!.write(`${id}\n`);
    const all = await Promise.all([...wanderers, ...sitting].map(({ ended }) => ended));
    const [truth, same] = await Promise.all(ports.map((each) => wander(id, () => [each], 1e6).ended));
    expect(truth!.map(({ seq }) => seq)).toEqual(truth!.map((_, index) => index + 1));
    expect(truth!.at(-1)).toMatchObject({ event: 'workflow_completed', status: 'success' });
    expect(same).toEqual(truth);
    for (const events of all) expect(recordedOf(events)).toEqual(truth);
    const told = all.slice(-2).filter((events) => events.some(({ event }) => event === 'log'));
    expect(told).toHaveLength(tells ? 2 : 1);
  }
});

it.each(names)('%s: one is killed, and its clients go on with the other', async (name) => {
  const { env, save } = await places[name]!();
  await save();
  const [a, b] = await Promise.all([startProcess(env, true), startProcess(env, true)]);
  let ports = [a.port, b.port];
  const ids = await Promise.all([executeAt(a.port), executeAt(b.port), executeAt(a.port)]);
  const wanderers = ids.map((id) => wander(id, () => ports, 20));
  await Promise.all(wanderers.map(({ waits }) => waits));
  for (const id of ids) b.child.stdin!.write(`${id}\n`);
  a.child.kill('SIGKILL');
  await once(a.child, 'close');
  ports = [b.port];
  for (const [n, { ended }] of wanderers.entries()) {
    const recorded = recordedOf(await ended);
    const truth = await wander(ids[n]!, () => ports, 1e6).ended;
    expect(recorded).toEqual(truth);
    expect(truth.at(-1)).toMatchObject({ event: 'workflow_completed', status: 'success' });
  }
});
