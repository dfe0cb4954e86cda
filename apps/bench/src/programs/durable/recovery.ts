import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, readTask, report } from '../program.ts';
import { effectPlugin, openPlatform, order, threeSteps } from './platform.ts';

export interface RecoveryOptions {
  part: 'leave' | 'recover';
  /** Of the SQLite file. */
  path: string;
  executions: number;
}

export interface RecoveryReport {
  /** From opening until the first step runs, in milliseconds. */
  first: number;
  /** p99 of the delay of the event loop, in milliseconds. */
  delay: number;
  /** Executions per second. */
  rate: number;
  /** Executions in memory at a time. */
  most: number;
}

const { core, options } = await readTask<RecoveryOptions>();
const { part, path, executions } = options;
const document = threeSteps('bench.echo');
if (part === 'leave') await leave();
else await recover();

/** What is there after a worker has died between the start and the first outcome of each execution. */
async function leave(): Promise<void> {
  const platform = await openPlatform(
    { VWMP_SQLITE_PATH: path },
    { workerId: 'reader', plugins: [effectPlugin(core)] },
  );
  const store = platform.storage.executions;
  await store.heartbeat('dead', 1);
  const timestamp = new Date().toISOString();
  const workflow = { workflow_id: 'three-steps', workflow_version: '0.1.0' };
  for (let begun = 0; begun < executions; begun += 1000) {
    const ids = Array.from({ length: Math.min(1000, executions - begun) }, (_, i) => `left-${begun + i}`);
    await Promise.all(
      ids.map((id) =>
        store.append({
          summary: { id, ...workflow, status: 'running', started_at: timestamp },
          ...{ expected_seq: 0, epoch: 1, owner: 'dead', document },
          events: [
            {
              event: 'workflow_started',
              ...workflow,
              parameters: { order },
              seq: 1,
              execution_id: id,
              timestamp,
            },
          ],
        }),
      ),
    );
  }
  // It ends without a word: what the other process finds is what a crash leaves.
  report({});
  process.exit(0);
}

async function recover(): Promise<void> {
  let first = 0;
  let ended = 0;
  let living = 0;
  let most = 0;
  const done = Promise.withResolvers<void>();
  const delays = monitorEventLoopDelay({ resolution: 5 });
  const opened = performance.now();
  const platform = await openPlatform(
    { VWMP_SQLITE_PATH: path, VWMP_WORKER_CONCURRENCY: '64' },
    {
      plugins: [effectPlugin(core)],
      observers: [
        {
          onStepStarted: ({ step_id }) => {
            if (first === 0) {
              first = performance.now() - opened;
              delays.enable();
            }
            if (step_id === 'read') most = Math.max(most, ++living);
          },
          onWorkflowCompleted: ({ status }) => {
            expect(status, 'success', 'status');
            living--;
            if (++ended === executions) done.resolve();
          },
        },
      ],
    },
  );
  await done.promise;
  const seconds = (performance.now() - opened - first) / 1000;
  delays.disable();
  const page = await platform.storage.executions.list({ status: ['success'], limit: 1 });
  expect(page.count, executions, 'ended');
  await platform.close();
  report({
    first,
    delay: delays.percentile(99) / 1e6,
    rate: executions / seconds,
    most,
  } satisfies RecoveryReport);
}
