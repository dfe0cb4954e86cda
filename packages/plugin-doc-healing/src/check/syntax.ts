import { canonicalLanguage } from '../languages/index.ts';
import type { MarkdownDocument } from '../markdown/model.ts';
import type { Project } from '../project/project.ts';
import type { Finding } from './finding.ts';

/** What became of one code block. */
export interface BlockResult {
  readonly line: number;
  readonly language: string;
  readonly status: 'ok' | 'failed' | 'not_checked';
  /** Why it was not checked. */
  readonly reason?: string;
}

/** Languages that programs of the machine read. */
const byPrograms = new Set(['shell', 'console', 'python', 'rust', 'go']);

/** So many files are read ahead. */
export const filesAhead = 50;

/** Has programs read the blocks of several files at once, before these are checked: to start one takes longer than to read a block. */
export async function readAhead(files: readonly string[], { head, syntax }: Project): Promise<void> {
  const texts = new Map<string, string[]>();
  for (const file of files) {
    // What is wrong with it is told when it is checked.
    const document = await head.document(file).catch(() => undefined);
    if (document === undefined || 'skipped' in document) continue;
    for (const { language, text, meta } of document.blocks) {
      const name = canonicalLanguage(language);
      if (byPrograms.has(name) && !/\bno-check\b/.test(meta))
        texts.set(name, [...(texts.get(name) ?? []), text]);
    }
  }
  for (const [language, list] of texts) await syntax.check(language, list);
}

/** Gives each code block to the parser of its language. A block whose fence says `no-check` is left alone. */
export async function checkSyntax(
  file: string,
  { blocks }: MarkdownDocument,
  { syntax }: Project,
): Promise<{ findings: Finding[]; blocks: BlockResult[] }> {
  const findings: Finding[] = [];
  const results: BlockResult[] = [];
  for (const [index, block] of blocks.entries()) {
    const language = canonicalLanguage(block.language);
    if (/\bno-check\b/.test(block.meta)) {
      results.push({ line: block.line, language, status: 'not_checked', reason: 'marked no-check' });
      continue;
    }
    const [verdict] = await syntax.check(language, [block.text]);
    if (verdict!.status === 'failed') {
      const { message, line, column } = verdict!;
      findings.push({
        ...{ kind: 'syntax', file, message, subject: language, block: index },
        line: block.line + line - 1,
        column: column + block.prefix.length,
        data: { line, column },
      });
    }
    const reason = verdict!.status === 'not_checked' ? { reason: verdict!.reason } : {};
    results.push({ line: block.line, language, status: verdict!.status, ...reason });
  }
  return { findings, blocks: results };
}
