import type { Note, Problem } from '@vwmp/core';
import { safe } from '../terminal/safe.ts';
import type { Symbols } from '../terminal/symbols.ts';
import type { Output } from '../terminal/terminal.ts';

/** A problem of the document, or one of its file, which has a code of its own. */
export type Finding = Omit<Problem, 'code'> & { code: string };

/** What was found in one file. */
export interface Findings {
  file: string;
  /** For the source lines. */
  text: string | undefined;
  problems: readonly Finding[];
  notes?: readonly Note[];
}

/**
 * One problem a line, `file:line:column CODE message`, which editors and grep understand; in a terminal with the
 * line of the source and a caret below it.
 */
export function showProblems(
  { file, text, problems, notes = [] }: Findings,
  output: Output,
  symbols: Symbols,
): void {
  const lines = output.isTTY ? text?.split(/\r?\n/) : undefined;
  for (const problem of problems) {
    output.line(`${place(file, problem, output)} ${output.style.red(problem.code)} ${safe(problem.message)}`);
    excerpt(problem, lines, output);
  }
  for (const note of notes) {
    output.line(`${place(file, note, output)} ${output.style.yellow('note')} ${safe(note.message)}`);
  }
  if (output.isTTY && problems.length > 0) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    output.line(`${output.style.red(`${symbols.failed} ${count}`)} in ${safe(file)}`);
  }
}

/** Parameters have no line in the file; they are named instead. */
function place(file: string, { line, column, path }: Finding | Note, { style }: Output): string {
  const name = safe(file);
  if (line !== undefined) return style.bold(`${name}:${line}:${column ?? 1}`);
  return style.bold(path === '' ? name : `${name} ${safe(path)}`);
}

function excerpt({ line, column = 1 }: Finding, lines: readonly string[] | undefined, output: Output): void {
  const source = line === undefined ? undefined : lines?.[line - 1];
  if (source === undefined || source.trim() === '') return;
  const number = String(line);
  // A long line is cut around the place that is meant, so that the caret stays below it.
  const room = Math.max(20, output.columns - number.length - 6);
  const from = column > room - 8 ? Math.max(0, column - Math.floor(room / 2)) : 0;
  const shown = safe(source.slice(from, from + room).replaceAll('\t', ' '));
  const { style } = output;
  output.line(`  ${style.dim(`${number} │`)} ${shown}`);
  output.line(
    `  ${' '.repeat(number.length)} ${style.dim('│')} ${' '.repeat(Math.max(0, column - 1 - from))}${style.red('^')}`,
  );
}
