import { checkJavaScript, checkTypeScript } from './script.ts';
import { type Checker, notChecked, type Verdict } from './verdict.ts';

export type { Verdict } from './verdict.ts';

/** By the language of a block: under which name it is reported, and what loads its checker. */
const loaders: Readonly<Record<string, () => Promise<Checker>>> = {
  javascript: async () => checkJavaScript,
  typescript: async () => checkTypeScript,
  json: async () => (await import('./data.ts')).checkJson,
  jsonc: async () => (await import('./data.ts')).checkJsonc,
  jsonl: async () => (await import('./data.ts')).checkJsonLines,
  yaml: async () => (await import('./data.ts')).checkYaml,
  html: async () => (await import('./markup.ts')).checkHtml,
  css: async () => (await import('./markup.ts')).checkCss,
  shell: async () => (await import('./tools.ts')).checkShell,
  console: async () => (await import('./tools.ts')).checkConsole,
  python: async () => (await import('./tools.ts')).checkPython,
  rust: async () => (await import('./tools.ts')).checkRust,
  go: async () => (await import('./tools.ts')).checkGo,
  sql: async () => (await import('./sql.ts')).checkSql,
};

const aliases: Readonly<Record<string, string>> = {
  ...{ js: 'javascript', jsx: 'javascript', mjs: 'javascript', cjs: 'javascript', node: 'javascript' },
  ...{ ts: 'typescript', tsx: 'typescript', mts: 'typescript', cts: 'typescript' },
  ...{ json5: 'jsonc', ndjson: 'jsonl', yml: 'yaml', htm: 'html' },
  ...{
    sh: 'shell',
    bash: 'shell',
    zsh: 'shell',
    'shell-session': 'console',
    'sh-session': 'console',
    shellsession: 'console',
    terminal: 'console',
  },
  ...{ py: 'python', python3: 'python', pycon: 'python', rs: 'rust', golang: 'go' },
  ...{ postgresql: 'sql', postgres: 'sql', pgsql: 'sql', sqlite: 'sql' },
};

/** No longer text is given to a parser: it is data rather than an example. */
const maxText = 200_000;

/** The name of a language that has several. */
export function canonicalLanguage(language: string): string {
  const bare = language.replace(/^\{?\.?/, '').replace(/[},:[(].*$/, '');
  return aliases[bare] ?? bare;
}

/** Checks texts of one language, each once in the time of a cache. */
export class SyntaxChecker {
  readonly #known: Map<string, Verdict> = new Map();
  readonly #signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** @param language - a canonical one */
  async check(language: string, texts: readonly string[]): Promise<readonly Verdict[]> {
    const load = Object.hasOwn(loaders, language) ? loaders[language] : undefined;
    if (!load) return texts.map(() => notChecked(language === '' ? 'no language' : 'no parser for it'));
    const key = (text: string): string => `${language}\0${text}`;
    const fresh = [...new Set(texts)].filter((text) => !this.#known.has(key(text)));
    const short = fresh.filter((text) => text.length <= maxText);
    for (const text of fresh) if (text.length > maxText) this.#known.set(key(text), notChecked('too long'));
    if (short.length > 0) {
      this.#signal?.throwIfAborted();
      const verdicts = await (await load())(short, this.#signal);
      for (const [at, text] of short.entries())
        this.#known.set(key(text), verdicts[at] ?? notChecked('unknown'));
    }
    return texts.map((text) => this.#known.get(key(text))!);
  }
}
