import { defineHandler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { type Problem, problemKinds, type Totals } from './model.ts';
import { totalsSchema } from './schemas.ts';
import { count, formatBytes, formatCount, formatDate } from './words.ts';
import { writeReport } from './write-report.ts';

/** `audit.report_markdown`: the report to read and to search. */
export const reportMarkdown = defineHandler({
  title: 'Write the Markdown report',
  description: 'Writes what was found as Markdown.',
  icon: 'file-text',
  config: Type.Object({ totals: totalsSchema, path: Type.String({ minLength: 1 }) }),
  execute: ({ config, workspace }) => writeReport(workspace, config.path, renderMarkdown(config.totals)),
});

export function renderMarkdown(totals: Totals): string {
  const { broken, warnings } = totals;
  const verdict = broken > 0 ? `**${count(broken, 'broken link')}**` : 'No broken link';
  const parts = [
    '# Markdown audit',
    `${verdict} and ${count(warnings, 'warning')} in ${count(totals.files, 'file')} below ${quote(totals.folder)}, ` +
      `${formatDate(totals.date)}.`,
    '![Charts: code blocks by language, problems by kind, largest files](report.svg)',
    '## Figures',
    table(
      ['', 'Count'],
      [
        ['Files', `${formatCount(totals.files)} (${formatBytes(totals.bytes)})`],
        ['Headings', formatCount(totals.headings)],
        ['Links', formatCount(totals.links)],
        ['… to files', formatCount(totals.local)],
        ['… with an anchor', formatCount(totals.anchored)],
        [
          '… to other hosts',
          `${formatCount(totals.external)}${totals.external_checked ? '' : ', not checked'}`,
        ],
        ['Code blocks', formatCount(totals.code_blocks)],
      ],
    ),
    '## Problems',
    ...problemParts(totals),
    '## Code blocks by language',
    totals.languages.length === 0
      ? 'There are none.'
      : table(
          ['Language', 'Blocks', 'Lines', 'Files'],
          totals.languages.map(({ language, blocks, lines, files }) => [
            quote(language),
            formatCount(blocks),
            formatCount(lines),
            formatCount(files),
          ]),
        ),
    '## Largest files',
    table(
      ['File', 'Size', 'Lines'],
      totals.largest.map(({ path, bytes, lines }) => [quote(path), formatBytes(bytes), formatCount(lines)]),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

function problemParts({ problems, problems_by_kind, broken, warnings }: Totals): string[] {
  if (problems.length === 0) return ['None were found.'];
  const kinds = table(
    ['Kind', 'Count'],
    problems_by_kind.map((each) => [problemKinds[each.kind].label, formatCount(each.count)]),
  );
  const rest = broken + warnings - problems.length;
  const places = table(
    ['Place', 'Kind', 'What'],
    problems.map((problem) => [
      placeOf(problem),
      problemKinds[problem.kind].label,
      escapeMarkdown(problem.message),
    ]),
  );
  return [kinds, places, ...(rest > 0 ? [`… and ${formatCount(rest)} more.`] : [])];
}

function placeOf({ file, line }: Problem): string {
  return quote(`${file}:${line}`);
}

function table(head: string[], rows: string[][]): string {
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

/** As code, so that nothing in it is read as Markdown, and no row of a table ends early. */
function quote(text: string): string {
  const clean = oneLine(text).replaceAll('|', '\\|');
  const fence = clean.includes('`') ? '``' : '`';
  return `${fence}${clean.includes('`') ? ` ${clean} ` : clean}${fence}`;
}

const special = '\\`*_[]<>#&~|!';

function escapeMarkdown(text: string): string {
  return [...oneLine(text)]
    .map((character) => (special.includes(character) ? `\\${character}` : character))
    .join('');
}

function oneLine(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('\r', ' ');
}
