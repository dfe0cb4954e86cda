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
