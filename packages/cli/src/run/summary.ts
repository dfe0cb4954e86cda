import type { ErrorInfo, Execution, StepStatus } from '@vwmp/core';
import { elapsed } from '../terminal/elapsed.ts';
import type { Style } from '../terminal/palette.ts';
import { safe } from '../terminal/safe.ts';
import type { Symbols } from '../terminal/symbols.ts';
import type { Output } from '../terminal/terminal.ts';
import { hintFor } from './hints.ts';

const looks: Readonly<Record<string, { symbol: keyof Symbols; colour: Style }>> = {
  success: { symbol: 'success', colour: 'green' },
  partial: { symbol: 'warning', colour: 'yellow' },
  failed: { symbol: 'failed', colour: 'red' },
  cancelled: { symbol: 'cancelled', colour: 'yellow' },
};

const longestOutput = 20;

/** How it ended: status and time, what failed and what to do, what was undone, the output. */
export function showSummary(execution: Execution, output: Output, symbols: Symbols, json: boolean): void {
  const { style } = output;
  const { symbol, colour } = looks[execution.status] ?? looks.failed!;
  const time = elapsed(Date.parse(execution.completed_at ?? '') - Date.parse(execution.started_at));
  output.line();
  output.line(
    `${style[colour](`${symbols[symbol] as string} ${execution.status}`)} in ${time}  ${style.dim(counts(execution))}`,
  );
  showFailures(execution, output, symbols);
  if (execution.compensated.length > 0) {
    output.line(`${style.yellow('  undone')} ${execution.compensated.join(', ')}`);
  }
  for (const { step_id, code, message } of notUndone(execution)) {
    output.line(`${style.red('  not undone:')} ${step_id} (${code} ${safe(message)})`);
  }
  // With --json it is on stdout anyway.
  if (!json && execution.output !== undefined && execution.output !== null)
    showOutput(execution.output, output);
}

interface CompensationError {
  step_id: string;
  code: string;
  message: string;
}

function notUndone({ error }: Execution): CompensationError[] {
  const { compensation_errors: list } = (error?.details ?? {}) as { compensation_errors?: unknown };
  return Array.isArray(list) ? (list as CompensationError[]) : [];
}

function counts({ steps }: Execution): string {
  const found = new Map<StepStatus, number>();
  for (const { status } of Object.values(steps)) found.set(status, (found.get(status) ?? 0) + 1);
  return [...found]
    .map(([status, count]) => `${count} ${status === 'success' ? 'succeeded' : status}`)
    .join(', ');
}

function showFailures(execution: Execution, output: Output, symbols: Symbols): void {
  const failed = Object.entries(execution.steps).filter(([, step]) => step.status === 'failed');
  for (const [id, { error, attempts }] of failed) {
    if (!error) continue;
    output.line();
    const after = attempts > 1 ? ` after ${attempts} attempts` : '';
    const hint =
      hintFor(error.code, error.message) ??
      `To go on without it: "required: false", or a step that depends on "${id}:error".`;
    showError(`Step "${id}" failed${after}`, error, hint, output, symbols);
  }
  const { error } = execution;
  // It says only what the step above has said.
  if (!error || (error.code === 'STEP_FAILED' && failed.length > 0)) return;
  output.line();
  showError(
    execution.status === 'cancelled' ? 'Cancelled' : 'The execution failed',
    error,
    hintFor(error.code, error.message),
    output,
    symbols,
  );
}

function showError(
  title: string,
  { code, message, cause }: ErrorInfo,
  hint: string | undefined,
  output: Output,
  symbols: Symbols,
): void {
  const { style } = output;
  output.line(`  ${style.bold(title)}  ${style.red(code)}`);
  output.line(indent(safe(message, true)));
  for (let each = cause; each; each = each.cause) {
    if (!message.includes(each.message))
      output.line(indent(style.dim(`because: ${each.code} ${safe(each.message, true)}`)));
  }
  if (hint) output.line(indent(style.cyan(`${symbols.arrow} ${hint}`)));
}

function showOutput(value: unknown, output: Output): void {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const lines = safe(text, true).split('\n');
  output.line();
  output.line(`  ${output.style.bold('Output')}`);
  output.line(indent(lines.slice(0, longestOutput).join('\n')));
  const more = lines.length - longestOutput;
  if (more > 0) output.line(indent(output.style.dim(`… ${more} more lines; --json prints all of it`)));
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
