import { type CleanFigures, type Figures, goals, healedOf, type Summary, share } from './summary.ts';

/** The report as one page that needs nothing else. */
export function toPage(summary: Summary): string {
  const { seeds, kinds, clean, left, heldOut, repositories, texts } = summary;
  const total = add(seeds.map((each) => each.total));
  const held = seeds.find(({ seed }) => seed === heldOut)?.total;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Healing documentation: what is found, what is healed</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<p class="kicker">@vwmp/plugin-doc-healing</p>
<h1>What is found, what is healed</h1>
<p class="lead">${number(total.faults)} faults of ${kinds.length} kinds, put by chance into ${number(texts)} texts of ${number(repositories)} repositories: this project's own documentation, and the READMEs of the packages that are installed for it.</p>
</header>
<section class="cards">
${card('found', share(total.found, total.faults), `goal ${goals.found} %`, share(total.found, total.faults) >= goals.found, held && `held out: ${percent(held.found, held.faults)}`)}
${card('healed', share(healedOf(total), total.faults), `goal ${goals.healed} %`, share(healedOf(total), total.faults) >= goals.healed, held && `held out: ${percent(healedOf(held), held.faults)}`)}
${card('false alarms for 100 blocks', share(clean.falseAlarms.length, clean.blocks), `at most ${goals.falseAlarms}`, share(clean.falseAlarms.length, clean.blocks) <= goals.falseAlarms, `${clean.falseAlarms.length} in ${number(clean.blocks)}`, '')}
</section>
<section>
<h2>By kind</h2>
${chart(kinds)}
<p class="legend"><span class="key original"></span>the text as it was <span class="key equal"></span>as valid <span class="key found"></span>found, not healed <span class="key missed"></span>not found</p>
</section>
<section>
<h2>By seed</h2>
<div class="scroll"><table>
<thead><tr><th>seed</th><th>faults</th><th>found</th><th>healed</th><th>diffs</th><th>false alarms beside them</th></tr></thead>
<tbody>${seeds
    .map(({ seed, total: own, applied, drifted }) => {
      return `<tr><td>${seed}${seed === heldOut ? ' <em>held out</em>' : ''}</td><td>${own.faults}</td><td>${percent(own.found, own.faults)}</td><td>${percent(healedOf(own), own.faults)}</td><td>${applied ? 'git apply took all' : 'refused'}</td><td>${alarms(drifted)}</td></tr>`;
    })
    .join('')}</tbody>
</table></div>
<p>The held-out seed was not looked at while the rules were made. Beside the faults, all right texts are checked against the code as it was before, in which names, options and files are called otherwise.</p>
</section>
<section>
<h2>Texts that nobody touched</h2>
<p>${number(clean.blocks)} code blocks, ${number(clean.checked)} of them read by a parser, and ${number(clean.links)} links gave ${clean.findings} findings. Looked at one by one, ${clean.real} are mistakes of the texts themselves; they are listed with what is wrong in <code>corpus/reviewed.ts</code>. The others are false alarms:</p>
<ul>${clean.falseAlarms.map((each) => `<li>${html(each)}</li>`).join('')}</ul>
</section>
<section>
<h2>Not found or not healed</h2>
<div class="scroll"><table>
<thead><tr><th>seed</th><th>kind</th><th>where</th><th>what</th><th></th></tr></thead>
<tbody>${left
    .map(({ seed, kind, repository, file, line, what, found, healed }) => {
      const state = found
        ? healed === 'no'
          ? 'found, not healed'
          : 'healed to something else'
        : 'not found';
      return `<tr><td>${seed}</td><td>${html(kind)}</td><td>${html(repository)} ${html(file)}:${line}</td><td><code>${html(what.slice(0, 160))}</code></td><td>${state}</td></tr>`;
    })
    .join('')}</tbody>
</table></div>
</section>
</main>
</body>
</html>
`;
}

function card(
  name: string,
  value: number,
  goal: string,
  reached: boolean,
  more: string | undefined,
  unit = ' %',
): string {
  return `<div class="card ${reached ? 'reached' : 'short'}"><p class="figure">${value.toFixed(unit === '' ? 2 : 1)}${unit}</p><p class="name">${name}</p><p class="goal">${goal}${more ? ` · ${more}` : ''}</p></div>`;
}

const [labels, width, row] = [190, 560, 34];

function chart(kinds: Summary['kinds']): string {
  const height = kinds.length * row + 8;
  const bars = kinds.map(({ kind, all }, at) => {
    const y = at * row + 4;
    const parts: [string, number][] = [
      ['original', all.original],
      ['equal', all.equal],
      ['found', Math.max(0, all.found - healedOf(all))],
      ['missed', all.faults - Math.max(all.found, healedOf(all))],
    ];
    let x = labels;
    const rects = parts.map(([name, count]) => {
      const wide = all.faults === 0 ? 0 : (width * count) / all.faults;
      const rect =
        wide > 0
          ? `<rect class="${name}" x="${x.toFixed(1)}" y="${y}" width="${wide.toFixed(1)}" height="20"><title>${count} ${name}</title></rect>`
          : '';
      x += wide;
      return rect;
    });
    const figures = `${all.found}/${all.faults} found, ${healedOf(all)} healed`;
    return `<g><text x="${labels - 12}" y="${y + 15}" text-anchor="end">${html(kind)}</text>${rects.join('')}<text class="quiet" x="${labels + width + 12}" y="${y + 15}">${figures}</text></g>`;
  });
  const goal = labels + (width * goals.healed) / 100;
  return `<div class="scroll"><svg viewBox="0 0 ${labels + width + 170} ${height}" role="img" aria-label="What became of the faults of each kind">${bars.join('')}<line x1="${goal}" x2="${goal}" y1="0" y2="${height}"/></svg></div>`;
}

function alarms({ falseAlarms, blocks }: CleanFigures): string {
  return `${falseAlarms.length} in ${number(blocks)} blocks`;
}

function add(list: readonly Figures[]): Figures {
  const sum = (key: keyof Figures): number => list.reduce((all, each) => all + each[key], 0);
  return {
    faults: sum('faults'),
    found: sum('found'),
    original: sum('original'),
    equal: sum('equal'),
    otherwise: sum('otherwise'),
  };
}

function percent(part: number, whole: number): string {
  return `${share(part, whole).toFixed(1)} %`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const style = `
:root{color-scheme:light dark;--ground:#fff;--ink:#1f2328;--quiet:#59636e;--line:#d1d9e0;--panel:#f6f8fa;--good:#1a7f37;--bad:#cf222e;--original:#1a7f37;--equal:#8bc99a;--found:#d4a72c;--missed:#cf222e}
@media(prefers-color-scheme:dark){:root{--ground:#0d1117;--ink:#f0f6fc;--quiet:#9198a1;--line:#3d444d;--panel:#151b23;--good:#3fb950;--bad:#f85149;--original:#2ea043;--equal:#76c68a;--found:#bb8009;--missed:#da3633}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 system-ui,sans-serif}
main{max-width:1000px;margin:0 auto;padding:48px 24px 96px}h1{font-size:2.4rem;line-height:1.15;margin:.2em 0 .4em;letter-spacing:-.02em}h2{margin:2.4em 0 .8em;font-size:1.3rem}
.kicker{color:var(--quiet);font-family:ui-monospace,monospace;margin:0}.lead{font-size:1.15rem;color:var(--quiet);max-width:46rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(230px,1fr));gap:16px;margin-top:2em}.card{background:var(--panel);border:1px solid var(--line);border-radius:12px;padding:20px 24px;border-top:4px solid var(--good)}.card.short{border-top-color:var(--bad)}
.card p{margin:0}.figure{font-size:2.6rem;font-weight:650;letter-spacing:-.03em;line-height:1.2}.name{font-weight:600}.goal{color:var(--quiet);font-size:.9rem}
svg{width:100%;min-width:760px;height:auto;font:13px system-ui,sans-serif;fill:var(--ink)}svg .quiet{fill:var(--quiet)}svg line{stroke:var(--ink);stroke-dasharray:3 4;opacity:.5}
.original{fill:var(--original);background:var(--original)}.equal{fill:var(--equal);background:var(--equal)}.found{fill:var(--found);background:var(--found)}.missed{fill:var(--missed);background:var(--missed)}
.key{display:inline-block;width:12px;height:12px;border-radius:3px;margin:0 6px 0 18px;vertical-align:-1px}.legend{color:var(--quiet);font-size:.9rem}.legend .key:first-child{margin-left:0}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;padding:8px 12px 8px 0;border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--quiet);font-weight:600}code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}li{font:.9em ui-monospace,monospace;margin:.3em 0}em{color:var(--quiet)}
`;
