import { toErrorInfo } from '@vwmp/core';
import { showProblems } from '../documents/show-problems.ts';
import { hintFor } from '../run/hints.ts';
import { safe } from '../terminal/safe.ts';
import type { Output, Terminal } from '../terminal/terminal.ts';
import { exitCodes } from './command.ts';
import { isProblemsError } from './problems-error.ts';
import { isUsageError } from './usage-error.ts';
import { isPassing } from './write-failure.ts';

/**
 * Tells what went wrong before anything was run.
 *
 * @param command - the one that was called, as far as it was found
 * @returns the exit code
 */
export async function reportError(
  error: unknown,
  { out, err, symbols }: Terminal,
  json: boolean,
  command: string | undefined,
): Promise<number> {
  const { code, message, details, cause } = toErrorInfo(error);
  // What the system says (no space left, say) is no mistake of ours either, but has no code of ours.
  const system = typeof (error as { errno?: unknown }).errno === 'number';
  const known = !system && isCoded(error);
  if (json) {
    const shown = known ? code : system ? 'SYSTEM' : 'INTERNAL';
    out.line(JSON.stringify({ error: { code: shown, message, details: details ?? [] } }, null, 2));
  }
  if (isProblemsError(error)) {
    showProblems({ file: error.file, text: error.text, problems: error.details }, err, symbols);
    return exitCodes.invalid;
  }
  writeError(`${known && !isUsageError(error) ? `${code} ` : ''}${message}`, err, symbols.failed);
  if (cause) err.line(`  because: ${safe(cause.message, true)}`);
  const hint = isUsageError(error) ? undefined : hintFor(code, message);
  if (hint) err.line(`  ${symbols.arrow} ${hint}`);
  if (isUsageError(error)) {
    const named = error.command ?? command;
    const help = named === undefined ? 'vwmp --help' : `vwmp help ${named}`;
    err.line(err.style.dim(`  ${symbols.arrow} ${help}`));
  } else if (!known && !system && error instanceof Error && error.stack) {
    // No coded error: a mistake of ours, and the stack is what a report of it needs.
    err.line(err.style.dim(error.stack.split('\n').slice(1).join('\n')));
  }
  if (isUsageError(error)) return exitCodes.invalid;
  return unavailable.test(code) || (system && isPassing(error)) ? exitCodes.failed : exitCodes.invalid;
}

/** Nothing is wrong with what was asked for: it can't be done now. */
const unavailable = /^(STORE|QUEUE|BUS|ADDRESS)_|^(MIGRATION_FAILED|COPY_MISMATCH)$/;

function writeError(message: string, err: Output, symbol: string): void {
  err.line(`${err.style.red(`${symbol} vwmp:`)} ${safe(message, true)}`);
}

function isCoded(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) && !code.startsWith('ERR_');
}
