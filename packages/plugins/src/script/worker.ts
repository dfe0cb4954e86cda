// The thread that scripts run in: a script that cannot be interrupted from within is ended together with it.
import { parentPort, workerData } from 'node:worker_threads';
import type { Job, WorkerSetup } from './messages.ts';
import { loadSandbox, runInSandbox } from './sandbox.ts';

const { module } = workerData as WorkerSetup;

parentPort?.on('message', async (job: Job) => {
  const answer = await runInSandbox(module, job, (level, text) => {
    parentPort?.postMessage({ kind: 'line', level, text });
  });
  parentPort?.postMessage(answer);
});

// The time of a script begins when its thread is ready, however busy the machine is.
await loadSandbox();
parentPort?.postMessage('ready');
