import type { Unit } from '../../figure.ts';
import type { Summary } from '../../measure/statistics.ts';
import { formatBudget, formatNumber } from '../format.ts';
import type { Judged } from '../result.ts';
import { escapeText } from './escape.ts';

const [width, barHeight, gap] = [460, 18, 8];

/** How wide a letter is at most, on average. */
const letter = 6.6;

interface Bar {
  name: string;
  summary: Summary;
  unit: Unit;
  /** Whether it is VWMP: its bars have one colour wherever they stand. */
  kind: 'own' | 'yardstick';
  /** What it is stands beside the plot already. */
  isNamed: boolean;
}

/**
 * The medians as bars that begin at zero, with a thin line from the least to the greatest sample and a thicker one
 * for the likely range, and the budget as a line across. A number with nothing beside it is only a number.
 *
 * @param others - figures of the same scenario: those with neither yardstick nor budget have one axis, so that they can be compared
 */
export function renderPlot(judged: Judged, others: readonly Judged[] = []): string {
  const { figure, verdict } = judged;
  const { measured } = figure;
  const isPlain = !figure.yardstick && judged.budget === undefined;
  const alike = isPlain ? others.filter((each) => isAlike(each, judged)) : [];
  if (isPlain && alike.length === 0 && measured.min === measured.max) {
    return `<p class="alone">${escapeText(formatNumber(measured.median, figure.unit))}</p>`;
  }
  const { yardstick } = figure;
  // Another engine, with VWMP beside it.
  const [first, second] =
    yardstick?.what === 'VWMP' ? (['yardstick', 'own'] as const) : (['own', 'yardstick'] as const);
  const bars: Bar[] = [
    { name: figure.what, summary: figure.measured, unit: figure.unit, kind: first, isNamed: true },
  ];
  if (yardstick) {
    const { what, summary, unit } = yardstick;
    bars.push({ name: what, summary, unit, kind: second, isNamed: false });
  }
  const limit = budgetLine(judged);
  const end = sharedEnd(axisEnd(bars, limit), alike);
  const x = (value: number): number => (Math.min(Math.max(value, 0), end) / end) * width;
  const height = bars.length * (barHeight + gap) + (limit === undefined ? 0 : 16);
  const top = limit === undefined ? 0 : 16;
  const shapes = bars.map((bar, i) => renderBar(bar, top + i * (barHeight + gap), x, verdict));
  const line = limit === undefined ? '' : renderLimit(x(limit), height, judged);
  const label = bars.map(({ name, summary, unit }) => `${name}: ${formatNumber(summary.median, unit)}`);
  // Texts come last: the line of the budget does not cross them out.
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(label.join('; '))}">
${shapes.map(({ shape }) => shape).join('')}${line}${shapes.map(({ text }) => text).join('')}</svg>`;
}

function renderBar(
  { name, summary, kind, unit, isNamed }: Bar,
  y: number,
  x: (value: number) => number,
  verdict: string,
): { shape: string; text: string } {
  const { median, min, max, low, high } = summary;
  const middle = y + barHeight / 2;
  const line = (from: number, to: number, part: string): string =>
    `<line class="${part}" x1="${round(x(from))}" x2="${round(x(to))}" y1="${middle}" y2="${middle}"/>`;
  const spread = min === max ? '' : `${line(min, max, 'ends')}${line(low, high, 'range')}`;
  const length = Math.max(x(median), 1.5);
  // Beside the bar, unless it reaches so far that there is no room: then in it.
  const after = Math.max(x(median), x(max)) + 6;
  const value = formatNumber(median, unit);
  const words = isNamed ? value : `${value}, ${name}`;
  const fits = (text: string, room: number): boolean => text.length * letter < room;
  const inside = fits(words, x(low) - 12) ? words : fits(value, x(median) - 12) ? value : '';
  const place =
    inside === '' || fits(words, width - after)
      ? `x="${round(after)}">${escapeText(fits(words, width - after) ? words : value)}`
      : `class="inside ${kind}-text" x="6">${escapeText(inside)}`;
  const rectangle = `x="0" y="${y}" width="${round(length)}" height="${barHeight}" rx="2"`;
  return {
    shape: `<rect class="${kind} ${kind === 'own' ? verdict : ''}" ${rectangle}/>${spread}\n`,
    text: `<text y="${middle + 4}" ${place}</text>\n`,
  };
}

function renderLimit(x: number, height: number, { figure, budget }: Judged): string {
  const isCompared = figure.judged === 'compared' && figure.compared;
  const text = formatBudget(budget, isCompared ? isCompared.unit : figure.unit);
  const sign = isCompared && isCompared.by === 'difference' ? '+' : '';
  const words = text.replace('≤ ', `at most ${sign}`).replace('≥ ', `at least ${sign}`);
  const half = (words.length * letter) / 2;
  const anchor = x > width - half ? 'end' : x < half ? 'start' : 'middle';
  return `<line class="limit" x1="${round(x)}" x2="${round(x)}" y1="14" y2="${height}"/>
<text class="limit-name" x="${round(x)}" y="10" text-anchor="${anchor}">${escapeText(words)}</text>`;
}

/** Where the budget lies beside the bars: those of differences and ratios lie behind the yardstick. */
function budgetLine({ figure, budget }: Judged): number | undefined {
  const limit = budget?.max ?? budget?.min;
  if (limit === undefined) return undefined;
  const { compared, yardstick, judged } = figure;
  if (judged === 'measured' || !compared || !yardstick) return limit;
  const { median } = yardstick.summary;
  return compared.by === 'ratio' ? median * limit : median + limit;
}

/** What is far beyond everything else, a wild sample or a generous budget, does not squeeze the bars: it is cut off at the edge. */
function axisEnd(bars: readonly Bar[], limit = 0): number {
  const longest = Math.max(...bars.map(({ summary }) => summary.median));
  const wild = Math.max(...bars.map(({ summary }) => summary.max));
  const end = Math.max(longest * 1.08, Math.min(wild, longest * 1.6), Math.min(limit * 1.04, longest * 3));
  return end > 0 ? end : Math.max(limit, 1);
}

/** Another that can be compared with it: of the same unit, and with nothing of its own to be compared with. */
function isAlike(other: Judged, { figure }: Judged): boolean {
  return other.figure !== figure && other.figure.unit === figure.unit && !other.figure.yardstick;
}

/** Unless one is so much smaller than another that nothing of it would be seen. */
function sharedEnd(own: number, alike: readonly Judged[]): number {
  const end = Math.max(own, ...alike.map(({ figure }) => figure.measured.median * 1.08));
  return end / own > 100 ? own : end;
}

function round(value: number): string {
  return value.toFixed(1);
}
