/** Names that mean the same language, so that a chart does not show it twice. */
const aliases: Record<string, string | undefined> = {
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  node: 'javascript',
  ts: 'typescript',
  mts: 'typescript',
  sh: 'shell',
  bash: 'shell',
  zsh: 'shell',
  console: 'shell',
  'shell-session': 'shell',
  shellsession: 'shell',
  yml: 'yaml',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  md: 'markdown',
  golang: 'go',
  'c++': 'cpp',
  'c#': 'csharp',
  cs: 'csharp',
  ps1: 'powershell',
  docker: 'dockerfile',
  txt: 'text',
  plaintext: 'text',
  plain: 'text',
};

/** What stands for a block that names no language. */
export const noLanguage = '(none)';

/** @param info - the first word after the fence, as `ts`, `TypeScript` or `{.ts}` */
export function languageOf(info: string | null | undefined): string {
  let name = (info ?? '').toLowerCase();
  if (name.startsWith('{')) name = name.slice(1);
  if (name.startsWith('.')) name = name.slice(1);
  // Attributes may follow without a space: `ts{1,3}`, `rust,ignore`, `js:title.js`.
  for (const mark of ['{', '}', ',', ':', '=']) {
    const at = name.indexOf(mark);
    if (at >= 0) name = name.slice(0, at);
  }
  return name === '' ? noLanguage : (aliases[name] ?? name);
}
