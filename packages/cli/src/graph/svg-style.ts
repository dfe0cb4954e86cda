const light = {
  page: '#ffffff',
  text: '#1f2328',
  quiet: '#59636e',
  box: '#ffffff',
  border: '#d1d9e0',
  builtIn: '#f6f8fa',
  edge: '#818b98',
  error: '#cf222e',
  errorPage: '#fff5f5',
  badge: '#eaeef2',
  blue: ['#ddf4ff', '#0a58b0'],
  green: ['#dafbe1', '#116329'],
  yellow: ['#fff1c2', '#7a4d00'],
  violet: ['#f0e6ff', '#6639ba'],
  red: ['#ffe2e0', '#a40e26'],
};

const dark: typeof light = {
  page: '#0d1117',
  text: '#f0f6fc',
  quiet: '#9198a1',
  box: '#161b22',
  border: '#3d444d',
  builtIn: '#12171e',
  edge: '#7d8590',
  error: '#f85149',
  errorPage: '#25171c',
  badge: '#262c36',
  blue: ['#11294a', '#79c0ff'],
  green: ['#12311d', '#7ee787'],
  yellow: ['#352a0c', '#e3b341'],
  violet: ['#2b2046', '#d2a8ff'],
  red: ['#3c1618', '#ffa198'],
};

/** Which colour a badge has: what decides, what repeats, what bounds, what goes wrong. */
const badges = {
  blue: ['foreach', 'repeat'],
  green: ['when', 'join'],
  yellow: ['retry', 'timeout'],
  violet: ['compensate', 'queue'],
  red: ['optional', 'disabled'],
} as const;

function colours(theme: typeof light): string {
  const rules = [
    `.page{fill:${theme.page}}`,
    `.headline,.name{fill:${theme.text}}`,
    `.handler{fill:${theme.quiet}}`,
    `.box{fill:${theme.box};stroke:${theme.border}}`,
    `.built-in .box{fill:${theme.builtIn}}`,
    `.edge{stroke:${theme.edge}}.arrow{fill:${theme.edge}}`,
    `.edge.error{stroke:${theme.error}}.arrow-error{fill:${theme.error}}`,
    `.port rect{fill:${theme.page};stroke:${theme.border}}.port text{fill:${theme.quiet}}`,
    `.port.error rect{fill:${theme.errorPage};stroke:${theme.error}}.port.error text{fill:${theme.error}}`,
  ];
  for (const [colour, kinds] of Object.entries(badges)) {
    const [back, front] = theme[colour as keyof typeof badges];
    for (const kind of kinds)
      rules.push(`.badge.${kind}{fill:${back}}`, `.badge-text.${kind}{fill:${front}}`);
  }
  return rules.join('');
}

/** Both themes: a reader who prefers dark gets dark, in a browser, an editor and on GitHub alike. */
export const svgStyle: string = `
text{font-family:ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.headline{font-size:17px;font-weight:600;text-anchor:middle}
.name{font-size:14px;font-weight:600}
.handler{font-size:12px;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.badge-text,.port text{font-size:11px;text-anchor:middle}
.box{stroke-width:1.25}
.off{opacity:.55}.off .box{stroke-dasharray:5 4}
.edge{fill:none;stroke-width:1.5}
.edge.error{stroke-dasharray:5 4}
${colours(light)}
@media (prefers-color-scheme:dark){${colours(dark)}}
`;
