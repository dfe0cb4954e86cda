import type { Report } from '../check/check-project.ts';
import type { Correction } from '../heal/correction.ts';
import type { Healing } from '../heal/heal-project.ts';

/** A report as Markdown, for people. */
export function toMarkdown(report: Report, healing?: Partial<Healing>): string {
  const { blocks, files, links, total } = report;
  const parts = [
    '# Documentation',
    `${total === 0 ? 'Nothing is wrong' : `**${count(total, 'finding')}**`} in ${count(files, 'file')} with ${count(blocks.total, 'code block')} and ${count(links, 'link')}.`,
    languages(report),
    runs(report),
  ];
  if (total > 0) parts.push('## Findings', findings(report.findings));
  if (total > report.findings.length) parts.push(`${total - report.findings.length} more are not listed.`);
  const { corrections = [], patch = '' } = healing ?? {};
  if (corrections.length > 0) parts.push('## Corrections', listCorrections(corrections));
  if (patch !== '') parts.push('## Diff', fenced(patch.slice(0, 100_000)));
  if (report.skipped.length > 0)
    parts.push(
      '## Not read',
      report.skipped.map(({ file, reason }) => `- ${code(file)}: ${reason.replace('_', ' ')}`).join('\n'),
    );
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function languages({ languages: list }: Report): string {
  if (list.length === 0) return '';
  const rows = list.map(({ language, ok, failed, not_checked, reasons }) => {
    return `| ${cell(language === '' ? '(none)' : language)} | ${ok} | ${failed} | ${not_checked} | ${cell(reasons.join(', '))} |`;
  });
  return [
    '| language | fine | wrong | not checked | why not |',
    '| --- | ---: | ---: | ---: | --- |',
    ...rows,
  ].join('\n');
}

function runs({ runs: counts }: Report): string {
  if (!counts) return '';
  const { ok, failed, not_checked, reasons } = counts;
  const why = reasons.length > 0 ? ` (${plain(reasons.join(', '))})` : '';
  return `Of the code blocks that could be run, ${ok} ran to their end and ${failed} failed; ${not_checked} were not run${why}.`;
}

function findings(list: Report['findings']): string {
  const files = [...new Set(list.map(({ file }) => file))];
  return files
    .map((file) => {
      const own = list.filter((each) => each.file === file);
      return `### ${code(file)}\n\n${own.map(({ line, kind, message }) => `- line ${line}: ${plain(message)} (${kind.replaceAll('_', ' ')})`).join('\n')}`;
    })
    .join('\n\n');
}

/** What was corrected, why, and how sure that is, as a table. */
export function listCorrections(corrections: readonly Correction[]): string {
  const rows = corrections.map(({ file, line, message, reason, confidence }) => {
    return `| ${code(`${file}:${line}`)} | ${cell(message)} | ${cell(reason)} | ${Math.round(confidence * 100)} % |`;
  });
  return ['| where | what was wrong | why this | how sure |', '| --- | --- | --- | ---: |', ...rows].join(
    '\n',
  );
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** Text of documentation must not become links, pictures or HTML of the report. */
function plain(text: string): string {
  return text
    .replace(/[\\`*_[\]<>!|#]/g, '\\$&')
    .replace(/\s+/g, ' ')
    .replaceAll('://', ':\u200b//')
    .replaceAll('@', '@\u200b');
}

function cell(text: string): string {
  return plain(text).slice(0, 400);
}

function code(text: string): string {
  return `\`${text.replace(/[`|\n]/g, '?')}\``;
}

/** A diff as a block of code, whatever is in it. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${text.replace(/\n$/, '')}\n${fence}`;
}
