/** Colours by role. Both sets keep a contrast of at least 4.5:1 between texts and their ground. */
const light = {
  ground: '#ffffff',
  edge: '#d1d9e0',
  rail: '#eff2f5',
  ink: '#1f2328',
  quiet: '#59636e',
  accent: '#0969da',
  bad: '#cf222e',
  warn: '#bf8700',
  good: '#1a7f37',
};

const dark: typeof light = {
  ground: '#0d1117',
  edge: '#3d444d',
  rail: '#1c2128',
  ink: '#f0f6fc',
  quiet: '#9198a1',
  accent: '#4493f8',
  bad: '#f85149',
  warn: '#d29922',
  good: '#3fb950',
};

/** Fonts that are there already: a picture in a README can load none. */
const sans = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const mono = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace";

// Classes and no CSS variables: converters such as librsvg do not know those.
function rules(colours: typeof light): string {
  const fills = Object.entries(colours).map(([name, colour]) => `.${name}{fill:${colour}}`);
  return `${fills.join('')}.card{fill:${colours.ground};stroke:${colours.edge}}.tick{stroke:${colours.good}}`;
}

/** The style sheet of a report: light, and dark where the reader's system is. */
export const style = [
  `text{font-family:${sans};font-size:13px}`,
  '.title{font-size:24px;font-weight:600}.heading{font-size:15px;font-weight:600}',
  '.figure{font-size:25px;font-weight:600}.small{font-size:12px}',
  `.path{font-family:${mono};font-size:12px}.end{text-anchor:end}.middle{text-anchor:middle}`,
  '.tick{fill:none;stroke-width:3;stroke-linecap:round;stroke-linejoin:round}',
  rules(light),
  `@media (prefers-color-scheme:dark){${rules(dark)}}`,
].join('');
