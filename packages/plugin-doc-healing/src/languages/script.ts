import { type ParserOptions, type ParserPlugin, parse } from '@babel/parser';
import type { Node } from './ast.ts';
import { type Checker, each, failedAt, notChecked, ok, type Verdict } from './verdict.ts';

/** A text that could be read: its tree, and by how much positions in it are shifted. */
export interface Script {
  readonly program: Node;
  readonly shift: number;
}

interface Failure {
  readonly offset: number;
  readonly message: string;
}

type Outcome = { readonly script: Script } | { readonly failure: Failure };

/** The only mistakes beyond which the parser can go on that are slips of syntax; the others depend on what is around. */
const serious = /^(MissingSemicolon|MissingClassName|UnterminatedJsxContent|InvalidEscapeSequence)/;

const kinds: Readonly<Record<'javascript' | 'typescript', readonly (readonly ParserPlugin[])[]>> = {
  javascript: [
    ['jsx', 'decorators'],
    ['typescript', 'decorators'],
    ['jsx', 'flow'],
  ],
  typescript: [
    ['typescript', 'decorators'],
    ['typescript', 'jsx', 'decorators'],
    [['typescript', { dts: true }]],
  ],
};

/** What documentation shows of code that is longer: members of an object or class, a value, a body. */
const frames: readonly (readonly [before: string, after: string])[] = [
  ['(', '\n)'],
  ['({', '\n})'],
  ['class Example {', '\n}'],
  ['interface Example {', '\n}'],
];

/**
 * Reads code as it stands in documentation: top-level `await` and `return`, names declared twice, parts of objects, and `...`
 * for what is left out.
 */
export function readScript(text: string, language: 'javascript' | 'typescript'): Outcome {
  const plain = hideEllipses(text);
  let first: Failure | undefined;
  for (const plugins of kinds[language]) {
    const outcome = attempt(plain, '', plugins);
    if ('script' in outcome) return outcome;
    if (!first || outcome.failure.offset > first.offset) first = outcome.failure;
  }
  // Code, and after it the object that comes out.
  const results = plain.replace(/^\{\n([\s\S]*?)^\};?$/gm, '({\n$1})');
  // Several elements after each other.
  const isMarkup = /^\s*<[A-Za-z][\s\S]*>\s*$/.test(text);
  for (const [before, after] of [
    ...frames,
    ...(isMarkup ? [['<>', '\n</>'] as const] : []),
    ['', ''],
  ] as const) {
    for (const plugins of kinds[language].slice(0, 2)) {
      const outcome = attempt(before + (before === '' ? results : plain) + after, before, plugins);
      if ('script' in outcome) return outcome;
    }
  }
  return { failure: first! };
}

function attempt(text: string, before: string, plugins: readonly ParserPlugin[]): Outcome {
  const options: ParserOptions = {
    sourceType: 'unambiguous',
    plugins: [...plugins],
    errorRecovery: true,
    allowAwaitOutsideFunction: true,
    allowReturnOutsideFunction: true,
    allowImportExportEverywhere: true,
    allowNewTargetOutsideFunction: true,
    allowSuperOutsideMethod: true,
    allowUndeclaredExports: true,
  };
  try {
    const file = parse(text, options) as unknown as Node & { errors?: readonly unknown[] };
    const found = (file.errors ?? []).map(toFailure).find(({ reason }) => serious.test(reason));
    if (!found) return { script: { program: file.program as Node, shift: before.length } };
    return { failure: { offset: found.offset - before.length, message: found.message } };
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const { offset, message } = toFailure(error);
    return { failure: { offset: offset - before.length, message } };
  }
}

function toFailure(error: unknown): Failure & { reason: string } {
  const { pos, message, reasonCode } = error as { pos?: number; message?: string; reasonCode?: string };
  return {
    offset: pos ?? 0,
    message: (message ?? 'cannot be read').replace(/ \(\d+:\d+\)$/, '').split('\n')[0]!,
    reason: reasonCode ?? '',
  };
}

/** Turns what stands for something left out into a comment of the same length, so that places stay. */
function hideEllipses(text: string): string {
  return text
    .replace(
      /([:=][ \t]*)(\.{3}|…)(?=[ \t]*[,;])/g,
      (_, before: string, dots: string) => before + '_'.repeat(dots.length),
    )
    .replace(
      /^([ \t]*)(\.{3,}|…)([ \t]*(?:[,;][ \t]*)?)$/gm,
      (_, before: string, dots: string, after: string) => {
        return before + filler(dots.length) + after.replace(/[,;]/g, ' ');
      },
    )
    .replace(
      /([:>{(][ \t]+)(\.{3}|…)[ \t]*$/gm,
      (_, before: string, dots: string) => before + filler(dots.length),
    )
    .replace(/([[(,]\s*)(\.{3}|…)(\s*,)/g, (_, before: string, dots: string, after: string) => {
      return before + filler(dots.length) + after.replace(',', ' ');
    })
    .replace(/([([{,=][ \t]*)(\.{3}|…)(?=[ \t]*[)\]}])/g, (_, before: string, dots: string) => {
      return /=[ \t]*$/.test(before) && dots.length === 3 ? `${before}'.'` : before + filler(dots.length);
    });
}

/** Whether something is left out of the code, so that it is not whole. */
export function hasEllipsis(text: string): boolean {
  return hideEllipses(text) !== text;
}

function filler(length: number): string {
  return length >= 4 ? `/*${' '.repeat(length - 4)}*/` : ' '.repeat(length);
}

/** How manuals write what may be left out, `parse(text[, options])`, and what a console answers. */
const notation = /\w\s*\[\s*,\s*\w|\(\s*\[\w+\s*,\s*\]|^> |<\w+>\[/m;

function check(text: string, language: 'javascript' | 'typescript'): Verdict {
  const outcome = readScript(text, language);
  if ('script' in outcome) return ok;
  if (notation.test(text)) return notChecked('a signature or session, not code');
  if (/^[ \t]*<(?:script|!--|!doctype|link|html)\b/im.test(text)) return notChecked('HTML, not code');
  return failedAt(text, outcome.failure.offset, outcome.failure.message);
}

export const checkJavaScript: Checker = each((text) => check(text, 'javascript'));
export const checkTypeScript: Checker = each((text) => check(text, 'typescript'));
