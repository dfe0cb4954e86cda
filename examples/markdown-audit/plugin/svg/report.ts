import { problemKinds, type Totals } from '../model.ts';
import { count, formatBytes, formatCount, formatDate, shorten } from '../words.ts';
import { type Bar, barChart, chartHeight } from './bar-chart.ts';
import { element, escapeText, text } from './element.ts';
import { style } from './theme.ts';

const width = 960;
const margin = 36;
const gap = 40;
const column = (width - 2 * margin - gap) / 2;
const tilesTop = 104;
const chartsTop = 218;
/** More languages than these become one bar. */
const mostLanguages = 8;

const longestPath = 50;

/** The report as one picture that needs nothing else: no script, no font, no other file. */
export function renderSvg(totals: Totals): string {
  const languages = languageBars(totals);
  const kinds = kindBars(totals);
  const rows = Math.max(3, languages.length, kinds.length);
  const largestTop = chartsTop + chartHeight(rows) + 36;
  const height = largestTop + chartHeight(Math.max(1, totals.largest.length)) + 64;
  const paths = totals.largest.map(({ path }) => shorten(path, longestPath));
  const right = margin + column + gap;
  const summary =
    `${count(totals.files, 'file')}, ${count(totals.links, 'link')}, ${formatCount(totals.broken)} broken, ` +
    `${count(totals.warnings, 'warning')}, ${count(totals.code_blocks, 'code block')}.`;
  const parts = [
    element('title', {}, escapeText(`Markdown audit of ${totals.folder}`)),
    element('desc', {}, escapeText(summary)),
    `<style>${style}</style>`,
    element('rect', { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 12, class: 'card' }),
    header(totals),
    tiles(totals),
    languages.length > 0
      ? barChart({
          title: 'Code blocks by language',
          x: margin,
          y: chartsTop,
          width: column,
          labels: 118,
          bars: languages,
        })
      : nothing('Code blocks by language', 'There are no code blocks.', margin),
    kinds.length > 0
      ? barChart({
          title: 'Problems by kind',
          x: right,
          y: chartsTop,
          width: column,
          labels: 190,
          bars: kinds,
        })
      : nothing('Problems by kind', 'No problem was found.', right, true),
    barChart({
      title: 'Largest files',
      x: margin,
      y: largestTop,
      width: width - 2 * margin,
      labels: pathRoom(paths),
      labelClass: 'ink path',
      bars: totals.largest.map(({ bytes }, index) => ({
        label: paths[index] ?? '',
        value: bytes,
        shown: formatBytes(bytes),
        colour: 'accent',
      })),
    }),
    text(margin, height - 26, 'quiet small', externalNote(totals)),
    text(width - margin, height - 26, 'quiet small end', 'Made with VWMP'),
  ];
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' },
    parts.join('\n'),
  )}\n`;
}

/** A character of the monospaced font is some 7.3 pixels wide; short paths leave more room for the bars. */
function pathRoom(paths: readonly string[]): number {
  return Math.max(150, ...paths.map((path) => path.length * 7.4 + 22));
}

function header({ folder, date, broken }: Totals): string {
  const verdict = broken === 0 ? 'No broken links' : count(broken, 'broken link');
  const colour = broken === 0 ? 'good' : 'bad';
  const place = folder === '.' ? '' : `${shorten(folder, 60)}  ·  `;
  return [
    text(margin, 54, 'ink title', 'Markdown audit'),
    text(margin, 79, 'quiet', `${place}${formatDate(date)}`),
    text(width - margin, 54, `${colour} heading end`, verdict),
  ].join('');
}

function tiles(totals: Totals): string {
  const figures = [
    { label: 'files', value: totals.files, colour: 'ink' },
    { label: 'headings', value: totals.headings, colour: 'ink' },
    { label: 'links', value: totals.links, colour: 'ink' },
    { label: 'code blocks', value: totals.code_blocks, colour: 'ink' },
    { label: 'broken', value: totals.broken, colour: totals.broken > 0 ? 'bad' : 'ink' },
    { label: 'warnings', value: totals.warnings, colour: 'ink' },
  ];
  const space = 12;
  const size = (width - 2 * margin - (figures.length - 1) * space) / figures.length;
  return figures
    .map(({ label, value, colour }, index) => {
      const x = margin + index * (size + space);
      return [
        element('rect', { x, y: tilesTop, width: size, height: 76, rx: 8, class: 'rail' }),
        text(x + 14, tilesTop + 38, `${colour} figure`, formatCount(value)),
        text(x + 14, tilesTop + 60, 'quiet', label),
      ].join('');
    })
    .join('');
}

/** What stands where a chart would be empty. */
function nothing(title: string, message: string, x: number, tick = false): string {
  const y = chartsTop + 42;
  const mark = tick ? element('path', { d: `M${x + 2} ${y - 4}l5 5l10 -11`, class: 'tick' }) : '';
  return text(x, chartsTop + 6, 'ink heading', title) + mark + text(x + (tick ? 28 : 0), y, 'quiet', message);
}

function languageBars({ languages }: Totals): Bar[] {
  const shown = languages.length > mostLanguages + 1 ? languages.slice(0, mostLanguages) : languages;
  const rest = languages.slice(shown.length);
  const bars = shown.map(({ language, blocks }): Bar => {
    return { label: shorten(language, 16), value: blocks, shown: formatCount(blocks), colour: 'accent' };
  });
  if (rest.length === 0) return bars;
  const blocks = rest.reduce((sum, each) => sum + each.blocks, 0);
  return [
    ...bars,
    { label: `${rest.length} others`, value: blocks, shown: formatCount(blocks), colour: 'quiet' },
  ];
}

function kindBars({ problems_by_kind }: Totals): Bar[] {
  return problems_by_kind.map(({ kind, count: value }) => {
    const { label, broken } = problemKinds[kind];
    return { label, value, shown: formatCount(value), colour: broken ? 'bad' : 'warn' };
  });
}

function externalNote({ external, external_checked }: Totals): string {
  if (external === 0) return 'No links to other hosts';
  const links = count(external, 'link');
  return external_checked ? `${links} to other hosts, checked` : `${links} to other hosts, not checked`;
}
