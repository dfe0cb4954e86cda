// The thread that modules run in. WebAssembly cannot be interrupted from within, so a runaway module ends with its thread.
import { parentPort } from 'node:worker_threads';
import { Failure } from './failure.ts';
import { type Callee, instantiate } from './instance.ts';
import type { Answer, Call, LoadedModule, Order } from './messages.ts';

/** Instances that are kept for later calls. */
const maxKept = 8;

const modules = new Map<number, LoadedModule>();
const kept = new Map<number, Callee>();

parentPort?.on('message', (order: Order) => {
  if (order.kind === 'forget') {
    modules.delete(order.key);
    kept.delete(order.key);
    return;
  }
  if (order.loaded) modules.set(order.key, order.loaded);
  const answer = carryOut(modules.get(order.key)!, order.call);
  const bytes = answer.kind === 'done' ? [answer.output.buffer as ArrayBuffer] : [];
  parentPort?.postMessage(answer, bytes);
});

// The time of a call begins when its thread is ready, however busy the machine is.
parentPort?.postMessage('ready');

function carryOut(loaded: LoadedModule, call: Call): Answer {
  const begun = cpuUs();
  const old = call.fresh ? undefined : kept.get(loaded.key);
  // Taken out first: one that traps is in no state to be called again.
  kept.delete(loaded.key);
  let callee = old;
  const rest = () => ({
    instantiated: old === undefined,
    cpuUs: cpuUs() - begun,
    stderr: callee?.stderr() ?? '',
  });
  try {
    callee ??= instantiate(loaded);
    const output = callee.call(call);
    if (!call.fresh && !callee.once) keep(loaded.key, callee);
    return { kind: 'done', output, ...rest() };
  } catch (error) {
    const code = error instanceof Failure ? error.code : 'WASM_TRAP';
    const message = error instanceof Error ? error.message.slice(0, 1_000) : 'The module threw something.';
    return {
      kind: 'failed',
      code,
      message: error instanceof Failure ? message : `The module trapped: ${message}.`,
      ...rest(),
    };
  }
}

function keep(key: number, callee: Callee): void {
  kept.set(key, callee);
  const [oldest] = kept.keys();
  if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
}

/** CPU time of this thread, where Node tells it; else the time that has passed. In microseconds. */
function cpuUs(): number {
  const { threadCpuUsage } = process as unknown as {
    threadCpuUsage?: () => { user: number; system: number };
  };
  if (threadCpuUsage === undefined) return Math.round(performance.now() * 1000);
  const { user, system } = threadCpuUsage.call(process);
  return user + system;
}
