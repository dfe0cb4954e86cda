import GithubSlugger from 'github-slugger';
import type { Token } from 'markdown-it';
import { HeadingChecker } from './headings.ts';
import { HtmlReader } from './html-reader.ts';
import { languageOf } from './languages.ts';
import { lineOfDefinition } from './line-of-definition.ts';
import type { CodeCount, Link, Problem } from './model.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { undefinedReferences } from './references.ts';

/** What an audit wants to know of one Markdown file. */
export interface Document {
  /** Every place a link leads to, and every definition. */
  links: Link[];
  /** Names that `#name` finds. */
  anchors: ReadonlySet<string>;
  headings: number;
  code: CodeCount[];
  problems: Problem[];
}

/** Reads the text of a Markdown file. Never fails: any text is Markdown. */
export function readDocument(text: string, file: string): Document {
  return new DocumentReader(file).read(text);
}

class DocumentReader {
  readonly #file: string;
  readonly #slugger = new GithubSlugger();
  readonly #links: Link[] = [];
  readonly #anchors = new Set<string>();
  readonly #code = new Map<string, CodeCount>();
  readonly #problems: Problem[] = [];
  readonly #headings: HeadingChecker;
  readonly #html: HtmlReader;

  constructor(file: string) {
    this.#file = file;
    this.#headings = new HeadingChecker((kind, line, message) => this.#problem(kind, line, message));
    this.#html = new HtmlReader({
      link: (link) => this.#links.push(link),
      anchor: (name) => this.#anchors.add(name),
      heading: (level, title, line, empty) => this.#heading(level, title, line, empty),
    });
  }

  read(text: string): Document {
    const { tokens, definitions } = parseMarkdown(text);
    for (const [index, token] of tokens.entries()) this.#block(token, tokens[index - 1]);
    const used = new Set(this.#links.map(({ url }) => url));
    for (const { label, url } of definitions) {
      if (!used.has(url)) this.#links.push({ url, line: lineOfDefinition(text, label), image: false });
    }
    const code = [...this.#code.values()];
    const { count } = this.#headings;
    return { links: this.#links, anchors: this.#anchors, headings: count, code, problems: this.#problems };
  }

  #block(token: Token, before: Token | undefined): void {
    const line = (token.map?.[0] ?? 0) + 1;
    if (token.type === 'fence' || token.type === 'code_block') this.#countCode(token);
    else if (token.type === 'html_block') this.#html.html(token.content, line);
    else if (token.type === 'inline') {
      const children = token.children ?? [];
      this.#inline(children, line);
      if (before?.type === 'heading_open') {
        this.#heading(Number(before.tag.slice(1)), titleOf(children), line, children.length === 0);
      }
    }
  }

  #inline(tokens: readonly Token[], first: number): void {
    let line = first;
    let text = '';
    for (const token of tokens) {
      if (token.type === 'softbreak' || token.type === 'hardbreak') line += 1;
      const url = token.attrGet(token.type === 'image' ? 'src' : 'href');
      if (token.type === 'link_open' && url !== null) this.#links.push({ url, line, image: false });
      if (token.type === 'image' && url !== null) this.#links.push({ url, line, image: true });
      if (token.type === 'html_inline') this.#html.html(token.content, line);
      if (token.type === 'text') {
        this.#html.text(token.content);
        text += token.content;
      } else {
        // Anything else stands for itself: a bracket before it can still belong to one behind it.
        text += ' ';
      }
    }
    for (const label of undefinedReferences(text)) {
      this.#problem('undefined_reference', first, `[${label}] is defined nowhere in this file.`);
    }
  }

  #heading(level: number, title: string, line: number, empty: boolean): void {
    this.#headings.add(level, title, line, empty);
    const slug = this.#slugger.slug(title);
    if (slug !== '') this.#anchors.add(slug);
  }

  #countCode({ info, content }: Token): void {
    const language = languageOf(info.trim().split(' ', 1)[0]);
    const count = this.#code.get(language) ?? { language, blocks: 0, lines: 0 };
    count.blocks += 1;
    count.lines += content.split('\n').length - 1;
    this.#code.set(language, count);
  }

  #problem(kind: Problem['kind'], line: number, message: string): void {
    this.#problems.push({ kind, file: this.#file, line, message });
  }
}

const texts: ReadonlySet<string> = new Set(['text', 'text_special', 'code_inline']);

/** GitHub makes the anchor of a heading of its text alone: neither images nor tags are part of it. */
function titleOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ type, content }) => (texts.has(type) ? content : type === 'softbreak' ? ' ' : ''))
    .join('');
}
