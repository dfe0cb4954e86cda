import { formatBudget, formatNumber } from './format.ts';
import type { Judged, RunResult } from './result.ts';
import { judgedSummary } from './verdict.ts';

const [left, width, row, top] = [250, 420, 24, 34];
/** How wide a letter is at most, on average. */
const letter = 6.6;
const colours = { met: '#2e7d4f', missed: '#c0392b', unclear: '#c98a1b', none: '#888' };

/**
 * How much of each budget is used, as a bar that ends at the budget line when all of it is. Budgets of zero have no
 * share and stand in the table only.
 */
export function renderSvg({ scenarios }: RunResult): string {
  const bars = scenarios
    .flatMap(({ judged }) => judged)
    .flatMap((each) => {
      const share = shareOf(each);
      return share === undefined ? [] : [{ ...each, share }];
    });
  const height = top + bars.length * row + 10;
  // A bar of twice the budget fills the picture; what is longer is cut off, and its figure says how long it is.
  const x = (share: number): number => Math.min(Math.max(share, 0), 2) * (width / 2);
  const texts = bars.map(({ figure, budget }) => {
    const unit = figure.judged === 'compared' && figure.compared ? figure.compared.unit : figure.unit;
    return `${formatNumber(judgedSummary(figure).median, unit)}, budget ${formatBudget(budget, unit)}`;
  });
  const right = Math.max(230, ...texts.map((text) => Math.ceil(10 + text.length * letter)));
  const parts = bars.map(({ figure, verdict, share }, i) => {
    const y = top + i * row;
    return `  <text x="${left - 8}" y="${y + 14}" text-anchor="end">${figure.id}</text>
  <rect x="${left}" y="${y + 3}" width="${x(share).toFixed(1)}" height="14" fill="${colours[verdict]}"/>
  <text x="${left + width + 10}" y="${y + 14}" fill="#666">${escapeXml(texts[i]!)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + right} ${height}" font-family="system-ui, sans-serif" font-size="12">
  <title>Share of each budget that is used</title>
  <rect width="100%" height="100%" fill="#fff"/>
  <text x="${left + width / 2}" y="18" text-anchor="middle" fill="#666">budget</text>
${parts.join('\n')}
  <line x1="${left + width / 2}" y1="24" x2="${left + width / 2}" y2="${height - 6}" stroke="#444" stroke-dasharray="3 3"/>
</svg>
`;
}

/** 1 is all of it, whichever way the budget goes. */
function shareOf({ figure, budget }: Judged): number | undefined {
  const { median } = judgedSummary(figure);
  if (budget?.max) return median / budget.max;
  if (budget?.min) return budget.min / median;
  return undefined;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
