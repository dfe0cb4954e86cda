import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { refuse } from './errors.ts';
import type { Answer, Call, LoadedModule, Order } from './messages.ts';

/** Threads that modules run in. */
export interface Pool {
  /**
   * Calls a module in a thread that is free, or waits for one. The bytes of the input go over to that thread.
   *
   * @param timeoutMs - from when it begins to run
   * @throws WASM_TIMEOUT, WASM_FAILED, the reason of the signal
   */
  run(loaded: LoadedModule, call: Call, timeoutMs: number, signal: AbortSignal): Promise<Answer>;
  /** Lets go of a module. */
  forget(key: number): void;
  /** Ends all threads. */
  close(): void;
}

interface Thread {
  readonly worker: Worker;
  /** Keys of the modules that it has. */
  readonly known: Set<number>;
  timer: NodeJS.Timeout | undefined;
}

/** A thread that nobody needs ends after this time: it takes some 10 MB. */
const idleMs = 5_000;

function workerUrl(): URL {
  // From the sources there is no built file.
  if (import.meta.url.endsWith('.ts')) return new URL('./worker.ts', import.meta.url);
  return new URL(import.meta.resolve('@vwmp/plugin-wasm/worker'));
}

/** @param maxThreads - default: one less than the machine has cores, one at least, four at most */
export function createPool(maxThreads: number = Math.min(Math.max(availableParallelism() - 1, 1), 4)): Pool {
  const idle: Thread[] = [];
  const threads = new Set<Thread>();
  const waiting: (() => void)[] = [];

  const end = (thread: Thread): void => {
    clearTimeout(thread.timer);
    threads.delete(thread);
    const at = idle.indexOf(thread);
    if (at >= 0) idle.splice(at, 1);
    thread.worker.on('error', () => {});
    void thread.worker.terminate();
    waiting.shift()?.();
  };
  const rest = (thread: Thread): void => {
    thread.worker.unref();
    thread.timer = setTimeout(() => end(thread), idleMs);
    thread.timer.unref();
    idle.push(thread);
    waiting.shift()?.();
  };
  const start = async (): Promise<Thread> => {
    const worker = new Worker(workerUrl(), {
      // Nothing of the server: neither its environment nor its options.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    const thread: Thread = { worker, known: new Set(), timer: undefined };
    threads.add(thread);
    try {
      await untilReady(worker);
    } catch (cause) {
      end(thread);
      throw refuse('WASM_FAILED', 'No thread could be started for the module.', { cause });
    }
    return thread;
  };
  const take = async (key: number, signal: AbortSignal): Promise<Thread> => {
    for (;;) {
      signal.throwIfAborted();
      // One that has the module, and perhaps an instance of it, goes first.
      const known = idle.findIndex((thread) => thread.known.has(key));
      const [thread] = known >= 0 ? idle.splice(known, 1) : idle.splice(-1);
      if (thread) {
        clearTimeout(thread.timer);
        return thread;
      }
      if (threads.size < maxThreads) {
        const started = await start();
        if (!signal.aborted) return started;
        rest(started);
      } else await turn(waiting, signal);
    }
  };

  return {
    async run(loaded, call, timeoutMs, signal) {
      const thread = await take(loaded.key, signal);
      try {
        const isKnown = thread.known.has(loaded.key);
        thread.known.add(loaded.key);
        const order: Order = { kind: 'call', key: loaded.key, loaded: isKnown ? undefined : loaded, call };
        const answer = await ask(thread.worker, order, call.input, timeoutMs, signal);
        rest(thread);
        return answer;
      } catch (error) {
        end(thread);
        throw error;
      }
    },
    forget(key) {
      for (const thread of threads)
        if (thread.known.delete(key)) thread.worker.postMessage({ kind: 'forget', key } satisfies Order);
    },
    close() {
      for (const thread of threads) end(thread);
    },
  };
}

function untilReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (cause: unknown): void =>
      reject(cause instanceof Error ? cause : new Error('The thread ended before it had begun.'));
    worker.once('error', end).once('exit', end);
    worker.once('message', () => {
      worker.off('error', end).off('exit', end);
      resolve();
    });
  });
}

function ask(
  worker: Worker,
  order: Order,
  input: Uint8Array,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      worker.off('message', onAnswer).off('error', onEnd).off('exit', onEnd);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: unknown): void => {
      done();
      reject(error as Error);
    };
    const onAnswer = (answer: Answer): void => {
      done();
      resolve(answer);
    };
    const onAbort = (): void => fail(signal.reason);
    const onEnd = (cause: unknown): void =>
      fail(
        refuse('WASM_FAILED', 'The thread of the module broke down, mostly for want of memory.', {
          ...(cause instanceof Error ? { cause } : {}),
        }),
      );
    const timer = setTimeout(
      () => fail(refuse('WASM_TIMEOUT', `The module took longer than ${timeoutMs} ms and was ended.`)),
      timeoutMs,
    );
    worker.on('message', onAnswer).on('error', onEnd).on('exit', onEnd);
    worker.ref();
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    // All of the buffer goes over, so it must have nothing else in it.
    const isAlone = input.byteLength === input.buffer.byteLength && input.byteLength > 0;
    worker.postMessage(order, isAlone ? [input.buffer as ArrayBuffer] : []);
  });
}

/** Waits until a thread is free or may be started. */
function turn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
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
