import type { Judged, RunResult, ScenarioResult } from '../result.ts';
import { escapeText, escapeWords } from './escape.ts';
import { renderPlot } from './plot.ts';
import { style } from './style.ts';
import { explainFigure, verdictWords } from './words.ts';

/** All areas on one page that needs nothing beside it. */
export function renderPage(results: readonly RunResult[]): string {
  const sorted = results.toSorted((a, b) => a.area.localeCompare(b.area));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>VWMP: measurements</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>How light VWMP is</h1>
<p class="lead">Everything that was measured, beside its yardstick in the same run and on the same machine, and whether it keeps its budget.</p>
${key()}
<ul class="areas">
${sorted.map(renderTile).join('')}</ul>
${sorted.map(renderArea).join('')}</main>
</body>
</html>
`;
}

/** How to read a plot. */
function key(): string {
  const item = (shape: string, text: string): string =>
    `<li><svg viewBox="0 0 56 18" aria-hidden="true">${shape}</svg>${text}</li>`;
  return `<ul class="key">
${item('<rect class="own" width="56" height="18" rx="2"/>', 'VWMP, the median of the samples')}
${item('<rect class="yardstick" width="56" height="18" rx="2"/>', 'the yardstick or another engine, measured in turns with it')}
${item('<line class="ends" x1="0" x2="56" y1="9" y2="9"/><line class="range" x1="16" x2="40" y1="9" y2="9"/>', 'from the least to the greatest sample; thick: where half of them lie')}
${item('<line class="limit" x1="28" x2="28" y1="0" y2="18"/>', 'the budget')}
</ul>
<p class="quiet">Met: the median keeps the budget. Missed: it does not, and the noise of the samples is no excuse. Unclear: it does not, by less than the noise.
All bars begin at zero. MiB are 1024² bytes. A wrong result has no speed: every scenario checks its results first.</p>`;
}

function renderTile({ area, title, scenarios }: RunResult): string {
  const judged = scenarios.flatMap((scenario) => scenario.judged).filter(({ verdict }) => verdict !== 'none');
  const cells = judged.map(
    ({ figure, verdict }) =>
      `<i class="${verdict}" title="${escapeText(`${figure.id}: ${verdictWords[verdict]}`)}"></i>`,
  );
  const count = (wanted: Judged['verdict']): number =>
    judged.filter(({ verdict }) => verdict === wanted).length;
  const counts = (['met', 'unclear', 'missed'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${count(verdict)} ${verdictWords[verdict]}`);
  const summary = counts.length === 0 ? 'without budgets' : counts.join(', ');
  return `<li><a href="#${area}"><b>${escapeText(area)}</b><span class="quiet">${escapeWords(title)}</span>
<span class="cells" aria-hidden="true">${cells.join('')}</span><span class="quiet">${summary}</span></a></li>
`;
}

function renderArea({ area, title, at, quick, machine, scenarios }: RunResult): string {
  const loads = scenarios.flatMap(({ load }) => load);
  const range = `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  const memory = Math.round(machine.memory / 1024 ** 3);
  return `<section>
<h2 id="${area}">${escapeText(area)}</h2>
<p>${escapeWords(sentence(title))}.</p>
<p class="quiet">${at.slice(0, 10)}, Node ${machine.node}, ${machine.platform}, ${machine.cores} cores (${escapeText(machine.cpu)}), ${memory} GiB, load ${range}${quick ? '; a quick run: fewer and shorter samples' : ''}. Repeat it: <code>npm run bench -- ${area}</code></p>
${scenarios.map(renderScenario).join('')}</section>
`;
}

function renderScenario({ name, title, about, judged, failure }: ScenarioResult): string {
  const problem = failure
    ? `<p class="problem">${escapeText(`${failure.kind}: ${failure.message}`)}</p>\n`
    : '';
  return `<article class="scenario">
<header><h3>${escapeWords(sentence(title))}</h3><p class="quiet">${about ? `${escapeWords(about)} ` : ''}<code>${escapeText(name)}</code></p></header>
${judged.map((each) => renderFigure(each, judged)).join('')}${problem}</article>
`;
}

function renderFigure(judged: Judged, others: readonly Judged[]): string {
  const { figure, verdict } = judged;
  const pill = verdict === 'none' ? '' : `<span class="pill ${verdict}">${verdictWords[verdict]}</span>`;
  const note = figure.note ? `<p class="quiet">${escapeWords(figure.note)}</p>` : '';
  return `<div class="figure" id="${escapeText(figure.id)}">
<div><div class="names"><b>${escapeWords(figure.what)}</b>${pill}</div>
<p class="quiet">${escapeWords(explainFigure(judged))}</p>${note}</div>
${renderPlot(judged, others)}
</div>
`;
}

/** With a capital, unless it begins with a command or a name. */
function sentence(title: string): string {
  return /^(npm|vwmp|import|n8n|pg-boss|graphile-worker)\b/.test(title)
    ? title
    : title.charAt(0).toUpperCase() + title.slice(1);
}
