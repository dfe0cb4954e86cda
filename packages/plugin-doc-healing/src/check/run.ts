import { type HandlerContext, type HandlerModule, hasCode } from '@vwmp/core';
import type { RunConfig } from '../handlers/configs.ts';
import { list, walk } from '../languages/ast.ts';
import { canonicalLanguage } from '../languages/index.ts';
import { hasEllipsis, readScript } from '../languages/script.ts';
import { stripTypes } from '../languages/strip-types.ts';
import type { CodeBlock } from '../markdown/model.ts';
import type { Project } from '../project/project.ts';
import type { RunCounts } from './check-project.ts';
import type { Finding } from './finding.ts';

type Outcome =
  | { readonly status: 'ok' }
  | { readonly status: 'failed'; readonly message: string; readonly line: number }
  | { readonly status: 'not_checked'; readonly reason: string };

type Sandbox = (code: string) => Promise<Outcome>;

const ok: Outcome = { status: 'ok' };
const maxText = 100_000;

/**
 * Runs the blocks of JavaScript and TypeScript that are whole and need nothing from outside, each in a sandbox of its own. A finding is one
 * that throws what it does not tell of; what could not be run is counted, and never as fine.
 */
export async function runBlocks(
  files: readonly string[],
  project: Project,
  { max_blocks = 500, ...limits }: RunConfig,
  signal: AbortSignal,
): Promise<{ findings: Finding[]; runs: RunCounts }> {
  const findings: Finding[] = [];
  const counts = { ok: 0, failed: 0, not_checked: 0 };
  const reasons = new Set<string>();
  const sandbox = await openSandbox(limits, signal);
  let left = max_blocks;
  for (const file of files) {
    const document = await project.head.document(file);
    if ('skipped' in document) continue;
    for (const [index, block] of document.blocks.entries()) {
      const language = canonicalLanguage(block.language);
      if (language !== 'javascript' && language !== 'typescript') continue;
      signal.throwIfAborted();
      const code = readBlock(block, language);
      let outcome: Outcome = typeof code === 'string' ? ok : code;
      if (typeof code === 'string')
        outcome = left-- > 0 ? await sandbox(code) : notRun(`more than ${max_blocks} blocks`);
      if (outcome.status === 'failed' && isMeant(block.text)) outcome = ok;
      counts[outcome.status]++;
      if (outcome.status === 'not_checked') reasons.add(outcome.reason);
      if (outcome.status !== 'failed') continue;
      const { message, line } = outcome;
      findings.push({
        ...{ kind: 'run_failed', file, message: `fails when it is run: ${message}`, subject: language },
        ...{ block: index, line: block.line + line - 1, column: 1 + block.prefix.length },
      });
    }
  }
  return { findings, runs: { ...counts, reasons: [...reasons].sort() } };
}

function notRun(reason: string): Outcome {
  return { status: 'not_checked', reason };
}

/** @returns JavaScript, or why it is not to be run */
function readBlock({ text, meta }: CodeBlock, language: 'javascript' | 'typescript'): string | Outcome {
  if (/\bno-(?:check|run)\b/.test(meta)) return notRun('marked no-run');
  if (text.length > maxText) return notRun('too long');
  if (hasEllipsis(text)) return notRun('leaves something out');
  try {
    const read = readScript(text, language);
    if (!('script' in read)) return notRun('cannot be read');
    const { program, shift } = read.script;
    if (shift > 0) return notRun('a part of code');
    let outside = false;
    let typed = language === 'typescript';
    walk(program, ({ type, importKind, exportKind, name }) => {
      if (type === 'ImportDeclaration' && importKind !== 'type') outside = true;
      if (type.startsWith('Export') && exportKind !== 'type') outside = true;
      if (type === 'ImportExpression' || name === 'globalThis') outside = true;
      if (type.startsWith('TS')) typed = true;
    });
    if (outside) return notRun('needs what is outside of it');
    // What it shows is how to throw.
    if (list(program, 'body').some(({ type }) => type === 'ThrowStatement'))
      return notRun('throws on purpose');
    return (typed ? stripTypes(text, program) : text) ?? notRun('more than JavaScript and types');
  } catch (error) {
    if (error instanceof RangeError) return notRun('nested too deep');
    throw error;
  }
}

/** A comment tells that it fails. */
function isMeant(text: string): boolean {
  return /(?:\/\/|\/\*)[^\n]*(?:\b(?:throws?|fails?|rejects?|refuse[sd]?|invalid|boom)\b|error)/i.test(text);
}

/** The sandbox of the step `script.js`. */
async function openSandbox(
  { timeout = 1000, memory_mb = 32 }: Omit<RunConfig, 'max_blocks'>,
  signal: AbortSignal,
): Promise<Sandbox> {
  const { script } = await import('@vwmp/plugins/script');
  const { execute } = (await script.handlers!.js!.load!()) as unknown as HandlerModule<object>;
  const silent = (): void => {};
  const rest = {
    signal,
    logger: { log: silent, debug: silent, info: silent, warn: silent, error: silent },
    // Of these come the clock and the random numbers: the same wherever and whenever it is run.
    execution: { id: 'documentation', workflow_id: 'documentation', started_at: '2026-01-01T00:00:00.000Z' },
    step: { id: 'block' },
  };
  return async (code) => {
    const config = { code, timeout, memory_mb };
    try {
      await execute({ ...rest, config } as unknown as HandlerContext<object>);
      return ok;
    } catch (error) {
      signal.throwIfAborted();
      return toOutcome(error, timeout);
    }
  };
}

/** What says something about the code, and what about the sandbox alone. */
function toOutcome(error: unknown, timeout: number): Outcome {
  const { message, details } = error as { message: string; details?: { line?: number } };
  if (hasCode(error, 'SCRIPT_TIMEOUT')) return notRun(`takes longer than ${timeout} ms`);
  if (hasCode(error, 'SCRIPT_PENDING')) return notRun('waits for something');
  if (hasCode(error, 'SCRIPT_SYNTAX')) return notRun('not plain JavaScript');
  // The code ran to its end; what it gave has no JSON form, or a long one.
  if (hasCode(error, 'SCRIPT_OUTPUT_INVALID') || hasCode(error, 'SCRIPT_OUTPUT_TOO_LARGE')) return ok;
  if (!hasCode(error, 'SCRIPT_ERROR')) return notRun('needs more memory');
  const [, unknown] = /^ReferenceError: '?([\w$]+)'? is not defined/.exec(message) ?? [];
  if (unknown !== undefined) return notRun('uses a name that it does not declare');
  // A newer function of the language than the sandbox has looks the same as one that nobody has.
  if (/^TypeError: (?:.* is )?not a function/.test(message)) return notRun('calls what is not there');
  return { status: 'failed', message: message.replace(/ \(line \d+\)$/, ''), line: details?.line ?? 1 };
}
