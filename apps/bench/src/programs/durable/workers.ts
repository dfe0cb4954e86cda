import { spawn } from 'node:child_process';
import { expect, readTask, report } from '../program.ts';
import { openPlatform } from './platform.ts';

export interface WorkersOptions {
  /** The process that starts executions, or a worker. */
  part: 'load' | 'worker';
  environment: Record<string, string>;
  workers: number;
  executions: number;
}

export interface WorkersReport {
  /** Executions per second. */
  rate: number;
}

/** In milliseconds of CPU. */
const computing = 20;

const { core, options } = await readTask<WorkersOptions>();
const { part, environment, workers, executions } = options;

const handler = core.defineHandler({
  description: 'Computes.',
  config: { type: 'object' } as never,
  execute: () => {
    const begun = process.cpuUsage().user;
    let sum = 0;
    while (process.cpuUsage().user - begun < computing * 1000)
      for (let i = 0; i < 10_000; i++) sum += Math.sqrt(i);
    return sum > 0;
  },
});
const plugins = [core.definePlugin({ name: 'bench', handlers: { compute: handler } })];
const document = {
  id: 'computing',
  name: 'Computing',
  steps: [
    { id: 'a', handler: 'bench.compute' },
    { id: 'b', handler: 'bench.compute', dependencies: ['a'] },
    { id: 'c', handler: 'bench.compute', dependencies: ['b'] },
  ],
};

if (part === 'worker') await work();
else await load();

async function work(): Promise<void> {
  const platform = await openPlatform({ ...environment, VWMP_IN_PROCESS_WORKER: 'true' }, { plugins });
  process.on('SIGTERM', () => void platform.close().then(() => process.exit(0)));
  console.log('ready');
  setInterval(() => {}, 60_000);
}

async function load(): Promise<void> {
  const platform = await openPlatform({ ...environment, VWMP_IN_PROCESS_WORKER: 'false' }, { plugins });
  const children = await Promise.all(Array.from({ length: workers }, startWorker));
  const remaining = new Set<string>();
  const done = Promise.withResolvers<void>();
  let begun = 0;
  platform.bus.subscribe(undefined, (event) => {
    if (event.event !== 'workflow_completed') return;
    expect(event.status, 'success', 'status');
    remaining.delete(event.execution_id);
    if (remaining.size === 0 && begun > 0) done.resolve();
  });
  const ids = Array.from({ length: executions }, (_, i) => `computing-${i}`);
  for (const id of ids) remaining.add(id);
  begun = performance.now();
  await Promise.all(ids.map((id) => platform.start(document, {}, { id })));
  // Events may get lost; the store does not.
  const look = setInterval(async () => {
    const { count } = await platform.storage.executions.list({ status: ['success'], limit: 1 });
    if (count === executions) done.resolve();
  }, 500);
  await done.promise;
  const seconds = (performance.now() - begun) / 1000;
  clearInterval(look);
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve))));
  await platform.close();
  report({ rate: executions / seconds } satisfies WorkersReport);
}

async function startWorker(): Promise<ReturnType<typeof spawn>> {
  const told = JSON.stringify({ ...options, part: 'worker' });
  const child = spawn(process.execPath, [process.argv[1]!, process.argv[2]!, told], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout!.once('data', resolve));
  return child;
}
