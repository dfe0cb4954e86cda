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
  /** Of each of its lines in the file, past what stands before it. */
  readonly starts: readonly number[];
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

/**
 * The edit that gives a block another text. Lines that stay are left as they stand; the others get the prefix of the block, and the line end
 * of the file.
 */
export function replaceBlock({ text: file }: MarkdownDocument, block: CodeBlock, text: string): Edit {
  const old = block.text.split('\n');
  const lines = text.split(/\r\n?|\n/);
  const most = Math.min(old.length, lines.length);
  let first = 0;
  while (first < most && old[first] === lines[first]) first++;
  let last = 0;
  while (last < most - first && old.at(-1 - last) === lines.at(-1 - last)) last++;
  const written = file.slice(block.start, block.end).split(/(?<=\r\n|\r(?!\n)|\n)/);
  const eol = /\r\n?|\n/.exec(file.slice(block.start))?.[0] ?? '\n';
  const bare = block.prefix.trimEnd();
  const put = lines
    .slice(first, lines.length - last)
    .map((line) => (line === '' ? bare : block.prefix + line));
  const kept = [written.slice(0, first), written.slice(old.length - last)].map((each) =>
    each.map(withoutEnd),
  );
  return { start: block.start, end: block.end, text: [...kept[0]!, ...put, ...kept[1]!].join(eol) };
}

function withoutEnd(line: string): string {
  return line.replace(/[\r\n]+$/, '');
}

/** Tells by its name whether a file is one of Markdown. */
export function isMarkdown(path: string): boolean {
  return /\.(?:md|markdown|mdown|mkd)$/i.test(path);
}
