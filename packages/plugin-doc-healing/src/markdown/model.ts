/** A fenced code block. Offsets count UTF-16 units from the beginning of the file, lines from 1. */
export interface CodeBlock {
  /** As written, in lower case; empty without one. */
  readonly language: string;
  /** What stands behind the language. */
  readonly meta: string;
  /** Its lines, without what they are indented or quoted by, joined by `\n`. */
  readonly text: string;
  /** Of the first line of its text. */
  readonly line: number;
  /** Of its text in the file, prefixes included. */
  readonly start: number;
  readonly end: number;
  /** What stands before each of its lines. */
  readonly prefix: string;
}

/** Where something leads. */
export interface Link {
  readonly kind: 'link' | 'image';
  readonly url: string;
  /** Of the address in the file; undefined where it is written in another way than it reads. */
  readonly start: number | undefined;
  readonly line: number;
}

export interface Heading {
  readonly depth: number;
  readonly text: string;
  readonly slug: string;
  readonly line: number;
}

/** Code within a sentence. */
export interface InlineCode {
  readonly text: string;
  readonly start: number | undefined;
  readonly line: number;
}

/** A Markdown file as far as it is checked. */
export interface MarkdownDocument {
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
  readonly links: readonly Link[];
  readonly headings: readonly Heading[];
  /** Everything that `#…` can lead to. */
  readonly anchors: ReadonlySet<string>;
  readonly codes: readonly InlineCode[];
}

/** A change of a text: what stands from `start` to `end` is replaced. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits that do not overlap, in any order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => b.start - a.start || b.end - a.end);
  let result = text;
  for (const { start, end, text: put } of sorted) result = result.slice(0, start) + put + result.slice(end);
  return result;
}

/** The edit that gives a block another text. Its lines keep their prefix and the file its line ends. */
export function replaceBlock(document: MarkdownDocument, block: CodeBlock, text: string): Edit {
  const old = document.text.slice(block.start, block.end);
  const eol = old.includes('\r\n') ? '\r\n' : '\n';
  const bare = block.prefix.trimEnd();
  const lines = text.split('\n').map((line) => (line === '' ? bare : block.prefix + line));
  return { start: block.start, end: block.end, text: lines.join(eol) };
}
