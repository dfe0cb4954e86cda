import { type HandlerContext, VwmpError } from '@vwmp/core';
import { startDeadline } from '../shared/deadline.ts';
import { milliseconds } from '../shared/milliseconds.ts';
import { defaults, maxInputBytes, maxTimeoutMs } from './limits.ts';
import type { Answer, Job } from './messages.ts';
import { endWorker, returnWorker, takeWorker } from './workers.ts';

/** Config of `script.js`. */
export interface ScriptConfig {
  readonly code: string;
  readonly input?: unknown;
  readonly timeout?: string | number;
  readonly memory_mb?: number;
  readonly max_output_bytes?: number;
}

/**
 * How much longer than the time it may take a script is waited for: long enough for QuickJS to end it by itself, which leaves the worker
 * whole. What it cannot interrupt (some functions of the language are one long step) ends with its worker.
 */
const graceMs = 250;

/** The code of `script.js`. */
export async function execute(context: HandlerContext<ScriptConfig>): Promise<unknown> {
  const { config, signal } = context;
  signal.throwIfAborted();
  const job = toJob(context);
  const worker = await takeWorker(signal);
  const deadline = startDeadline(signal, job.timeoutMs + graceMs, () => tooLate(job));
  let healthy = false;
  try {
    const answer = await ask(worker, job, deadline.signal, context);
    healthy = answer.kind !== 'failed' || answer.why !== 'sandbox';
    if (answer.kind === 'failed') throw failure(answer, job);
    return answer.kind === 'done' && answer.output !== undefined
      ? (JSON.parse(answer.output) as unknown)
      : null;
  } finally {
    deadline.release();
    if (healthy) returnWorker(worker);
    else endWorker(worker);
  }

  function toJob({ execution, step }: HandlerContext<ScriptConfig>): Job {
    const input = JSON.stringify(config.input ?? null);
    if (Buffer.byteLength(input) > maxInputBytes)
      throw refuse('SCRIPT_INPUT_TOO_LARGE', `The input has more than ${maxInputBytes} bytes.`);
    const now = Date.parse(execution.started_at);
    return {
      code: config.code,
      input,
      now,
      seed: now + hash(`${execution.id}:${step.id}:${step.index ?? ''}`),
      timeoutMs: Math.min(
        config.timeout === undefined ? defaults.timeoutMs : milliseconds(config.timeout),
        maxTimeoutMs,
      ),
      memoryBytes: (config.memory_mb ?? defaults.memoryMb) * 1024 * 1024,
      maxOutputBytes: config.max_output_bytes ?? defaults.maxOutputBytes,
    };
  }
}

/** Has a job done. @throws the reason of the signal; SCRIPT_FAILED when the worker died */
function ask(
  worker: import('node:worker_threads').Worker,
  job: Job,
  signal: AbortSignal,
  { logger }: HandlerContext<ScriptConfig>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      worker.off('message', onMessage).off('error', onEnd).off('exit', onEnd);
      signal.removeEventListener('abort', onAbort);
    };
    const onMessage = (answer: Answer): void => {
      if (answer.kind === 'line') return logger.log(answer.level, answer.text);
      done();
      resolve(answer);
    };
    const onAbort = (): void => {
      done();
      // What it throws on its way out concerns nobody.
      worker.on('error', () => {});
      reject(signal.reason as Error);
    };
    const onEnd = (cause: unknown): void => {
      done();
      worker.on('error', () => {});
      reject(refuse('SCRIPT_FAILED', 'The sandbox broke down, mostly for want of memory.', cause));
    };
    worker.on('message', onMessage).on('error', onEnd).on('exit', onEnd);
    worker.ref();
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    worker.postMessage(job);
  });
}

const codes = {
  threw: 'SCRIPT_ERROR',
  syntax: 'SCRIPT_SYNTAX',
  timeout: 'SCRIPT_TIMEOUT',
  memory: 'SCRIPT_MEMORY',
  output_size: 'SCRIPT_OUTPUT_TOO_LARGE',
  output_form: 'SCRIPT_OUTPUT_INVALID',
  pending: 'SCRIPT_PENDING',
  sandbox: 'SCRIPT_FAILED',
} as const;

function failure({ why, message, line }: Extract<Answer, { kind: 'failed' }>, job: Job): VwmpError {
  if (why === 'timeout') return tooLate(job);
  const where = line === undefined ? '' : ` (line ${line})`;
  return refuse(codes[why], `${message}${where}`, undefined, line === undefined ? undefined : { line });
}

function tooLate({ timeoutMs }: Job): VwmpError {
  return refuse('SCRIPT_TIMEOUT', `The script took longer than ${timeoutMs} ms and was ended.`);
}

/** A script that fails does so again: it depends on nothing but its input. */
function refuse(code: string, message: string, cause?: unknown, details?: unknown): VwmpError {
  return new VwmpError(code, message, {
    retryable: false,
    ...(cause instanceof Error ? { cause } : {}),
    ...(details === undefined ? {} : { details }),
  });
}

/** FNV-1a, of 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
