import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { VwmpError } from '@vwmp/core';
import { startDeadline } from '../shared/deadline.ts';
import { milliseconds } from '../shared/milliseconds.ts';
import type { Callable } from '../shared/with-config.ts';
import { defaultMaxOutputBytes } from './defaults.ts';
import { guardExit } from './exit-guard.ts';
import { splitLines } from './lines.ts';
import { createOutput, type Output } from './output.ts';
import type { ProcessTree } from './process-tree.ts';
import { type Exit, type RunOutput, resultOf } from './result.ts';
import { label, type RunConfig } from './run-config.ts';
import { findFolder, start, startError } from './start.ts';

/** Between SIGTERM and SIGKILL. */
const graceMs = 2_000;
/** How long after the end of a command its output may stay open before whoever holds it is ended too. */
const lingerMs = 200;

/** The code of `shell.run`. */
export async function execute(context: Callable<RunConfig>): Promise<RunOutput> {
  const { config, signal, workspace } = context;
  signal.throwIfAborted();
  const folder = await findFolder(workspace, config.cwd);
  const limit = config.timeout === undefined ? undefined : milliseconds(config.timeout);
  signal.throwIfAborted();
  const deadline = startDeadline(
    signal,
    limit,
    () =>
      new VwmpError('SHELL_TIMEOUT', `${label(config)} took longer than ${config.timeout} and was ended.`),
  );
  const began = performance.now();
  try {
    const { child, tree } = start(config, folder);
    const overflow = new AbortController();
    const stdout = collect(child, 'stdout', context, overflow);
    const stderr = collect(child, 'stderr', context, overflow);
    feed(child, config.input);
    const release = child.pid === undefined ? () => {} : guardExit(child.pid);
    try {
      const exit = await untilEnd(child, tree, AbortSignal.any([deadline.signal, overflow.signal]), config);
      return resultOf(config, exit, stdout, stderr, performance.now() - began);
    } finally {
      release();
    }
  } finally {
    deadline.release();
  }
}

/**
 * Waits until the command has ended, with all that came of it, and its outputs are closed.
 *
 * @throws the reason of the signal, after everything has been ended; what kept the command from starting
 */
async function untilEnd(
  child: ChildProcess,
  tree: ProcessTree,
  signal: AbortSignal,
  config: RunConfig,
): Promise<Exit> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', (error) => reject(startError(error, config)));
    child.once('exit', (code, name) => resolve({ code, signal: name }));
  });
  const stopped = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });

  const exit = await Promise.race([exited, stopped]);
  if (exit === undefined || tree.hasGroup()) await tree.end(graceMs);
  // Somebody who left the group may still hold the outputs open.
  const lingers = await Promise.race([
    closed.then(() => false),
    delay(lingerMs, true, { ref: false }),
    stopped,
  ]);
  if (lingers !== false) await tree.end(graceMs);
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.stdin?.destroy();
  if (!signal.aborted) return exit ?? exited;
  // Its end is known to the system and not yet to Node; going on before would leave a zombie.
  await Promise.race([exited, delay(lingerMs, undefined, { ref: false })]);
  throw signal.reason;
}

function collect(
  child: ChildProcess,
  stream: 'stdout' | 'stderr',
  { config, logger }: Callable<RunConfig>,
  overflow: AbortController,
): Output {
  const maxBytes = config.max_output_bytes ?? defaultMaxOutputBytes;
  const output = createOutput(maxBytes);
  const lines =
    config.log === false ? undefined : splitLines(maxBytes, (line) => logger.info(line, { stream }));
  const source = child[stream];
  source?.on('data', (chunk: Buffer) => {
    output.add(chunk);
    lines?.add(chunk);
    if (output.bytes > maxBytes && config.overflow === 'fail') {
      const message = `${label(config)} wrote more than ${maxBytes} bytes to ${stream} and was ended.`;
      overflow.abort(
        new VwmpError('SHELL_OUTPUT_TOO_LARGE', message, {
          retryable: false,
          details: { max_bytes: maxBytes },
        }),
      );
    }
  });
  source?.once('close', () => lines?.end());
  source?.on('error', () => {});
  return output;
}

function feed(child: ChildProcess, input: unknown): void {
  // A command need not read what it is given: then the pipe breaks, and that is no failure.
  child.stdin?.on('error', () => {});
  child.stdin?.end(typeof input === 'string' ? input : JSON.stringify(input));
}
