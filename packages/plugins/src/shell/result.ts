import { VwmpError } from '@vwmp/core';
import type { Output } from './output.ts';
import { label, type RunConfig } from './run-config.ts';

/** How a command ended: by itself with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Output of `shell.run`. */
export interface RunOutput {
  readonly code: number;
  readonly stdout: unknown;
  readonly stderr: string;
  readonly stdout_bytes: number;
  readonly stderr_bytes: number;
  readonly duration_ms: number;
}

/**
 * Makes the output of a command that has ended.
 *
 * @throws SHELL_EXIT, SHELL_SIGNAL, SHELL_OUTPUT_INVALID
 */
export function resultOf(
  config: RunConfig,
  exit: Exit,
  stdout: Output,
  stderr: Output,
  durationMs: number,
): RunOutput {
  const what = label(config);
  if (exit.code === null) {
    throw new VwmpError('SHELL_SIGNAL', `${what} was ended by ${exit.signal}.`, {
      details: { signal: exit.signal, stderr: stderr.tail() },
    });
  }
  if (!(config.ok ?? [0]).includes(exit.code)) {
    throw new VwmpError('SHELL_EXIT', `${what} ended with code ${exit.code}.`, {
      details: { code: exit.code, stderr: stderr.tail() },
    });
  }
  return {
    code: exit.code,
    stdout: config.json === true ? parseJson(stdout, what) : stdout.head(),
    stderr: stderr.head(),
    stdout_bytes: stdout.bytes,
    stderr_bytes: stderr.bytes,
    duration_ms: Math.round(durationMs),
  };
}

function parseJson(stdout: Output, what: string): unknown {
  try {
    return JSON.parse(stdout.head());
  } catch {
    // The message of the parser quotes the text, which may be private.
    const message = `${what} wrote ${stdout.bytes} bytes that are not JSON, or more than max_output_bytes keeps.`;
    throw new VwmpError('SHELL_OUTPUT_INVALID', message, {
      retryable: false,
      details: { bytes: stdout.bytes },
    });
  }
}
