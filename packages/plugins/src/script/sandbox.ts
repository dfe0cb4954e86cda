import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import { stopClock } from './clock.ts';
import type { Answer, Job } from './messages.ts';
import type { CompiledModule } from './web-assembly.ts';

type Level = Extract<Answer, { kind: 'line' }>['level'];
type Failed = Extract<Answer, { kind: 'failed' }>;

const variant: QuickJSSyncVariant = {
  type: 'sync',
  importFFI: async () => (await import('@jitl/quickjs-wasmfile-release-sync/ffi')).QuickJSFFI,
  importModuleLoader: async () =>
    (await import('@jitl/quickjs-wasmfile-release-sync/emscripten-module')).default,
};

/** Loads what the first script would have to wait for. */
export async function loadSandbox(): Promise<void> {
  await Promise.all([variant.importFFI(), variant.importModuleLoader()]);
}

/** Lines of `console` that are kept, and characters of one. */
const maxLines = 1_000;
const maxLine = 4_096;
const maxStackBytes = 512 * 1024;
const file = 'script.js';

/**
 * Runs a script in an instance of QuickJS of its own, which goes with it, memory and all. It has the language and `console`,
 * and no function of the host besides.
 */
export async function runInSandbox(
  wasmModule: CompiledModule,
  job: Job,
  log: (level: Level, text: string) => void,
): Promise<Answer> {
  const restore = stopClock(job.now, job.seed);
  const end = performance.now() + job.timeoutMs;
  try {
    const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule }));
    const runtime = quickjs.newRuntime();
    runtime.setMemoryLimit(job.memoryBytes);
    runtime.setMaxStackSize(maxStackBytes);
    runtime.setInterruptHandler(() => performance.now() > end);
    return run(runtime, runtime.newContext(), job, log, () => performance.now() > end);
  } catch (error) {
    // Not even an error of the script: QuickJS itself gave up, mostly for want of memory.
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', why: 'sandbox', message: message.slice(0, 500) };
  } finally {
    restore();
  }
}

function run(
  runtime: QuickJSRuntime,
  context: QuickJSContext,
  job: Job,
  log: (level: Level, text: string) => void,
  isLate: () => boolean,
): Answer {
  addConsole(context, log);
  const input = context.newString(job.input);
  const main = context.evalCode(`(async (input) => {${job.code}\n})`, file);
  if (main.error) return failed(context, main.error, isLate, 'syntax');
  // By the functions as they are now: the script may replace them.
  const wrap = context.unwrapResult(
    context.evalCode(
      `((parse, stringify) => (main, text, keep) => main(parse(text)).then((value) => keep(stringify(value))))(JSON.parse, JSON.stringify)`,
    ),
  );
  let output: QuickJSHandle | undefined;
  const keep = context.newFunction('keep', (value) => {
    output = value.dup();
  });
  const promise = context.callFunction(wrap, context.undefined, main.value, input, keep);
  if (promise.error) return failed(context, promise.error, isLate);
  while (runtime.hasPendingJob()) {
    const jobs = runtime.executePendingJobs(100);
    if (jobs.error) return failed(context, jobs.error, isLate);
    if (isLate()) return late();
  }
  const state = context.getPromiseState(promise.value);
  if (state.type === 'rejected') return failed(context, state.error, isLate);
  if (state.type === 'pending')
    return { kind: 'failed', why: 'pending', message: 'It waits for something that never happens.' };
  return read(context, output, job.maxOutputBytes);
}

/** Takes the output out of the sandbox, but for one that is too long to be looked at. */
function read(context: QuickJSContext, output: QuickJSHandle | undefined, maxBytes: number): Answer {
  if (output === undefined || context.typeof(output) !== 'string') return { kind: 'done', output: undefined };
  const length = context.getNumber(context.getProp(output, 'length'));
  const text = length > maxBytes ? undefined : context.getString(output);
  if (text === undefined || Buffer.byteLength(text) > maxBytes)
    return { kind: 'failed', why: 'output_size', message: `The output has more than ${maxBytes} bytes.` };
  return { kind: 'done', output: text };
}

function addConsole(context: QuickJSContext, log: (level: Level, text: string) => void): void {
  let lines = 0;
  const console = context.newObject();
  for (const level of ['debug', 'info', 'warn', 'error', 'log'] as const) {
    const write = context.newFunction(level, (...values) => {
      if (++lines > maxLines) return;
      const text = values.map((value) => show(context, value)).join(' ');
      log(
        level === 'log' ? 'info' : level,
        lines === maxLines ? '… the log ends here' : text.slice(0, maxLine),
      );
    });
    context.setProp(console, level, write);
  }
  context.setProp(context.global, 'console', console);
}

/** Only plain values are shown in full: to read an object would run code of the script while it is in the host. */
function show(context: QuickJSContext, value: QuickJSHandle): string {
  const type = context.eq(value, context.null) ? 'null' : context.typeof(value);
  if (type !== 'string')
    return type === 'object' || type === 'function' ? `[${type}]` : String(context.dump(value));
  const length = context.getNumber(context.getProp(value, 'length'));
  return length > 1_000_000 ? `[${length} characters]` : context.getString(value);
}

function late(): Failed {
  return { kind: 'failed', why: 'timeout', message: 'It took too long.' };
}

function failed(
  context: QuickJSContext,
  handle: QuickJSHandle,
  isLate: () => boolean,
  otherwise: Failed['why'] = 'threw',
): Failed {
  const { name, message, stack } = readError(context, handle);
  if (name === 'InternalError' && message === 'interrupted' && isLate()) return late();
  if (name === 'InternalError' && message === 'out of memory')
    return { kind: 'failed', why: 'memory', message: 'It needs more memory than it may use.' };
  const [, line] = /script\.js:(\d+)/.exec(stack) ?? [];
  const isForm =
    name === 'TypeError' && /circular reference|bigint are forbidden|serialize a BigInt/i.test(message);
  return {
    kind: 'failed',
    why: isForm ? 'output_form' : otherwise === 'syntax' && name !== 'SyntaxError' ? 'threw' : otherwise,
    message: `${name === '' ? '' : `${name}: `}${message}`.slice(0, 2_000),
    ...(line === undefined ? {} : { line: Number(line) }),
  };
}

function readError(
  context: QuickJSContext,
  handle: QuickJSHandle,
): { name: string; message: string; stack: string } {
  if (context.typeof(handle) !== 'object')
    return { name: '', message: `It threw ${show(context, handle)}`, stack: '' };
  const [name = '', message = '', stack = ''] = ['name', 'message', 'stack'].map((key) => {
    try {
      const value = context.getProp(handle, key);
      return context.typeof(value) === 'string' ? show(context, value) : '';
    } catch {
      return '';
    }
  });
  return { name, message: message === '' && name === '' ? 'It threw an object' : message, stack };
}
