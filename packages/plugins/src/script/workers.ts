import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { WorkerSetup } from './messages.ts';
import { type CompiledModule, webAssembly } from './web-assembly.ts';

/** From the sources, or built: then next to what was built. */
const isSource = import.meta.url.endsWith('.ts');
/** A worker that nobody needs ends after this time. */
const idleMs = 5_000;
const maxWorkers = 2;

let module: Promise<CompiledModule> | undefined;
const idle: { worker: Worker; timer: NodeJS.Timeout }[] = [];
let count = 0;
const waiting: (() => void)[] = [];

/** Gives a worker, which is idle or new; waits when there are as many as may be. */
export async function takeWorker(signal: AbortSignal): Promise<Worker> {
  for (;;) {
    signal.throwIfAborted();
    const free = idle.pop();
    if (free !== undefined) {
      clearTimeout(free.timer);
      return free.worker;
    }
    if (count < maxWorkers) {
      count++;
      const worker = await start().catch((error: unknown) => {
        dropOne();
        throw error;
      });
      if (!signal.aborted) return worker;
      returnWorker(worker);
    } else await turn(signal);
  }
}

/** Gives a worker back that has done its work. */
export function returnWorker(worker: Worker): void {
  worker.unref();
  const timer = setTimeout(() => {
    idle.splice(
      idle.findIndex((each) => each.worker === worker),
      1,
    );
    endWorker(worker);
  }, idleMs);
  timer.unref();
  idle.push({ worker, timer });
  waiting.shift()?.();
}

/** Ends a worker, whatever it is doing. */
export function endWorker(worker: Worker): void {
  void worker.terminate();
  dropOne();
}

function dropOne(): void {
  count--;
  waiting.shift()?.();
}

/** Waits until a worker is free or may be started. */
function turn(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = (): void => {
      const at = waiting.indexOf(go);
      if (at >= 0) waiting.splice(at, 1);
      resolve();
    };
    waiting.push(go);
    signal.addEventListener('abort', leave, { once: true });
  });
}

async function start(): Promise<Worker> {
  module ??= compile().catch((error: unknown) => {
    module = undefined;
    throw error;
  });
  const setup: WorkerSetup = { module: await module };
  const worker = new Worker(new URL(isSource ? './worker.ts' : '../script/worker.js', import.meta.url), {
    workerData: setup,
    // Nothing of the server: neither its environment nor its options.
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
  });
  await untilReady(worker);
  return worker;
}

function untilReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (cause: unknown): void => {
      worker.on('error', () => {});
      reject(cause instanceof Error ? cause : new Error('The thread ended before it had begun.'));
    };
    worker.once('error', end).once('exit', end);
    worker.once('message', () => {
      worker.off('error', end).off('exit', end);
      resolve();
    });
  });
}

async function compile(): Promise<CompiledModule> {
  const file = isSource
    ? createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')
    : new URL('../script/quickjs.wasm', import.meta.url);
  return webAssembly.compile(await readFile(file));
}
