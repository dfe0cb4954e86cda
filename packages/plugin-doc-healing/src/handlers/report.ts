import { type HandlerContext, VwmpError } from '@vwmp/core';
import type { Report } from '../check/check-project.ts';
import { writeWhole } from '../deliver/write-file.ts';
import type { Healing } from '../heal/heal-project.ts';
import { toMarkdown } from '../report/markdown.ts';
import type { ReportConfig } from './configs.ts';

/** The code of `doc_healing.report`. */
export async function execute(
  context: HandlerContext<ReportConfig>,
): Promise<{ path: string; summary: string }> {
  const { report, healing, path = 'doc-healing.md' } = context.config;
  if (!isReport(report)) {
    throw new VwmpError('CONFIG_INVALID', 'The "report" is none: give it the output of doc_healing.check.', {
      retryable: false,
    });
  }
  const healed = (healing ?? undefined) as Partial<Healing> | undefined;
  const text = path.endsWith('.json')
    ? `${JSON.stringify({ report, healing: healed ?? null }, null, 2)}\n`
    : toMarkdown(report, healed);
  await writeWhole(context.workspace, path, text);
  const { blocks, files, total } = report;
  const corrected = healed?.corrections ? `, ${healed.corrections.length} corrected` : '';
  return {
    path,
    summary: `${files} files, ${blocks.total} code blocks (${blocks.not_checked} not checked): ${total} findings${corrected}.`,
  };
}

function isReport(value: unknown): value is Report {
  const { findings, blocks, languages } = (value ?? {}) as Partial<Report>;
  return Array.isArray(findings) && Array.isArray(languages) && typeof blocks === 'object' && blocks !== null;
}
