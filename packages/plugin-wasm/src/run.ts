import { open, rename, rm } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { type HandlerContext, hasCode, parseDuration, VwmpError } from '@vwmp/core';
import { refuse } from './errors.ts';
import type { RunConfig } from './run-handler.ts';
import type { Runtime } from './runtime.ts';

const maxInputBytes = 256 * 1024 * 1024;
const maxTimeoutMs = 600_000;

/** Output of `wasm.run`. */
export interface RunOutput {
  readonly value?: unknown;
  readonly path?: string;
  readonly size: number;
}

/** Makes the code of `wasm.run`. */
export function createRun(runtime: Runtime) {
  return async (context: HandlerContext<RunConfig>): Promise<RunOutput> => {
    const { config, workspace, signal } = context;
    signal.throwIfAborted();
    const { output_path: outputPath } = config;
    const [file, input, target] = await Promise.all([
      workspace.resolve(config.module),
      readInput(context),
      outputPath === undefined ? undefined : workspace.resolve(outputPath),
    ]);
    const output = await runtime
      .call(
        input,
        {
          file,
          operation: relative(workspace.root, file).replaceAll(sep, '/'),
          function: config.function ?? 'run',
          memoryBytes: (config.memory_mb ?? 64) * 1024 * 1024,
          timeoutMs: Math.min(milliseconds(config.timeout ?? '10s'), maxTimeoutMs),
          maxOutputBytes: config.max_output_bytes ?? 16_777_216,
          fresh: config.fresh ?? false,
          args: config.args ?? [],
          env: config.env ?? {},
        },
        context,
      )
      .catch((error: unknown) => {
        if (!hasCode(error, 'WASM_NOT_FOUND')) throw error;
        throw refuse('WASM_NOT_FOUND', `There is no module ${JSON.stringify(config.module)}.`);
      });
    if (target === undefined) return { value: decode(output, config.as ?? 'json'), size: output.length };
    await write(target, output);
    return { path: relative(await workspace.resolve('.'), target).replaceAll(sep, '/'), size: output.length };
  };
}

async function readInput({ config, workspace }: HandlerContext<RunConfig>): Promise<Uint8Array> {
  const { input, input_path: path } = config;
  if (path === undefined)
    return new TextEncoder().encode(
      typeof input === 'string' ? input : input === undefined ? '' : JSON.stringify(input),
    );
  if (input !== undefined) throw refuse('CONFIG_INVALID', 'Give either an input or an input_path.');
  const handle = await open(await workspace.resolve(path), 'r').catch(() => {
    throw refuse('WASM_INPUT', `There is no file ${JSON.stringify(path)}, or it may not be read.`);
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > maxInputBytes)
      throw refuse(
        'WASM_INPUT',
        `${JSON.stringify(path)} is no file, or has more than ${maxInputBytes} bytes.`,
      );
    const bytes = await handle.readFile();
    // A small file may lie in a buffer that is shared; all of a buffer goes to the thread.
    return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
  } finally {
    await handle.close();
  }
}

function decode(output: Uint8Array, as: 'json' | 'text' | 'base64'): unknown {
  if (as === 'base64') return Buffer.from(output.buffer, output.byteOffset, output.length).toString('base64');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(output);
    return as === 'text' ? text : (JSON.parse(text) as unknown);
  } catch {
    const what = as === 'json' ? 'JSON' : 'UTF-8 text';
    throw refuse(
      'WASM_OUTPUT_INVALID',
      `The ${output.length} bytes that came out are no ${what}. Read them with another "as".`,
    );
  }
}

/** As a whole or not at all. */
async function write(target: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${target}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new VwmpError('WASM_OUTPUT_FAILED', 'The output could not be written. Does its folder exist?', {
      cause,
    });
  }
}

/** @throws CONFIG_INVALID */
export function milliseconds(duration: string | number): number {
  const value = parseDuration(duration);
  if (value !== undefined) return value;
  throw refuse(
    'CONFIG_INVALID',
    `${JSON.stringify(duration)} is no duration. Write it like 500ms, 10s or 5m.`,
  );
}
