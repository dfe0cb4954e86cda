import GithubSlugger from 'github-slugger';
import type {
  Code,
  Definition,
  Heading as HeadingNode,
  Image,
  InlineCode,
  Link as LinkNode,
  Nodes,
  Root,
} from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { isHostile } from './hostile.ts';
import { lineAt, lineStarts, linesOf } from './lines.ts';
import type { CodeBlock, InlineCode as CodeSpan, Heading, Link, MarkdownDocument } from './model.ts';

type Position = NonNullable<Root['position']>;

/**
 * Reads a Markdown file as GitHub does.
 *
 * @returns why it is not read, for what nobody wrote to be read
 */
export function parseMarkdown(
  text: string,
): MarkdownDocument | { readonly skipped: 'nested' | 'unreadable' } {
  const markdown = withoutMatter(text).replace(/\r(?!\n)/g, '\n');
  if (isHostile(markdown.replace(/^\ufeff/, ''))) return { skipped: 'nested' };
  try {
    return read(text, markdown);
  } catch (error) {
    return { skipped: error instanceof RangeError ? 'nested' : 'unreadable' };
  }
}

/** Lists that a program keeps, with links that it knows to lead nowhere. */
const generated = /<!-- ALL-CONTRIBUTORS-LIST:START[\s\S]*?(?:<!-- ALL-CONTRIBUTORS-LIST:END|$)/g;

function read(text: string, markdown: string): MarkdownDocument {
  // The parser leaves a byte order mark out and counts from behind it.
  const shift = text.startsWith('\ufeff') ? 1 : 0;
  const root = fromMarkdown(markdown, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  const blocks: CodeBlock[] = [];
  const links: Link[] = [];
  const headings: Heading[] = [];
  const codes: CodeSpan[] = [];
  const anchors = new Set<string>();
  const slugger = new GithubSlugger();
  const starts = lineStarts(text);

  const heading = (depth: number, title: string, line: number): void => {
    const slug = slugger.slug(title);
    headings.push({ depth, text: title, slug, line });
    anchors.add(slug);
  };

  // What only looks like an address is made a link behind the parser's back, and has no place then but that of what it is in.
  function visit(node: Nodes, around: number): void {
    const { position: place } = node;
    const line = place?.start.line ?? around;
    if (node.type === 'heading') heading(node.depth, plain(node).trim(), line);
    else if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      const kind = node.type === 'image' ? 'image' : 'link';
      links.push(
        place ? readLink(node, place, text, shift) : { kind, url: node.url, start: undefined, line },
      );
    } else if (place) {
      if (node.type === 'code') blocks.push(...readBlock(node, place, text, starts, shift));
      else if (node.type === 'inlineCode') codes.push(readInline(node, place, text, shift));
      else if (node.type === 'html')
        readHtml(node.value, place.start.offset! + shift, starts, { links, anchors, codes, heading });
    }
    if ('children' in node) for (const child of node.children) visit(child, line);
  }
  visit(root, 1);
  const kept = [...text.matchAll(generated)].map(({ index, 0: part }) => ({
    from: index,
    to: index + part.length,
  }));
  const begins = kept.map(({ from }) => from);
  const own = links.filter(({ start = -1 }) => {
    const part = kept[lineAt(begins, start) - 1];
    return part === undefined || start < part.from || start >= part.to;
  });
  return { text, blocks, links: own, headings, anchors, codes };
}

/** Blanks in place of the YAML or TOML that a file may begin with, which is no Markdown. */
function withoutMatter(text: string): string {
  const [matter = ''] = /^\ufeff?(---|\+\+\+)[ \t]*\r?\n(?:[\s\S]*?\n)??\1[ \t]*(?=\r?\n|$)/.exec(text) ?? [];
  return matter.replace(/[^\r\n\ufeff]/g, ' ') + text.slice(matter.length);
}

/** Only fenced ones: what is indented says nothing of what it is. */
function readBlock(
  node: Code,
  { start, end }: Position,
  text: string,
  starts: readonly number[],
  shift: number,
): CodeBlock[] {
  const opening = text.slice(start.offset! + shift, starts[start.line] ?? text.length);
  if (!/^(`{3}|~{3})/.test(opening)) return [];
  const lines = linesOf(node.value);
  const from = starts[start.line];
  if (from === undefined || (node.value === '' && end.line - start.line < 2)) return [];
  const written = lines.map((_, at) => {
    const begin = starts[start.line + at] ?? text.length;
    return text.slice(begin, starts[start.line + at + 1] ?? text.length).replace(/[\r\n]+$/, '');
  });
  const prefixes = lines.map((line, at) => prefixOf(written[at]!, line));
  const longest =
    prefixes.find((prefix, at) => prefix !== undefined && lines[at] !== '') ?? prefixes[0] ?? '';
  const last = (starts[start.line + lines.length - 1] ?? text.length) + written.at(-1)!.length;
  return [
    {
      language: (node.lang ?? '').toLowerCase(),
      meta: node.meta ?? '',
      text: lines.join('\n'),
      line: start.line + 1,
      start: from,
      end: Math.max(from, last),
      prefix: longest,
      starts: lines.map((line, at) => {
        const begin = starts[start.line + at] ?? text.length;
        return begin + written[at]!.length - line.length;
      }),
    },
  ];
}

/** What stands before a line of a block. Of a tab, a part may belong to the line: then it is written as blanks. */
function prefixOf(written: string, line: string): string | undefined {
  if (written.endsWith(line)) return written.slice(0, written.length - line.length);
  let column = 0;
  const wide = written.replace(/[^\t]|\t/gu, (each) => {
    const put = each === '\t' ? ' '.repeat(4 - (column % 4)) : each;
    column += put.length;
    return put;
  });
  const bare = line.trimStart();
  const indent = line.slice(0, line.length - bare.length).replaceAll('\t', '    ');
  const end = wide.length - wide.trimStart().length;
  return wide.slice(end) === bare && indent.length <= end ? wide.slice(0, end - indent.length) : undefined;
}

function readLink(
  node: LinkNode | Image | Definition,
  { start, end }: Position,
  text: string,
  shift: number,
): Link {
  const from = start.offset! + shift;
  const source = text.slice(from, end.offset! + shift);
  // The address is the last thing in it but for a title, which begins with a quote or bracket.
  const title = 'title' in node && node.title ? source.lastIndexOf(node.title) : -1;
  const at = source.lastIndexOf(node.url, title < 0 ? undefined : title - node.url.length);
  return {
    kind: node.type === 'image' ? 'image' : 'link',
    url: node.url,
    start: at < 0 || node.url === '' ? undefined : from + at,
    line: start.line + linesOf(source.slice(0, Math.max(0, at))).length - 1,
  };
}

function readInline(node: InlineCode, { start, end }: Position, text: string, shift: number): CodeSpan {
  const from = start.offset! + shift;
  const at = text.slice(from, end.offset! + shift).indexOf(node.value);
  return { text: node.value, start: at < 0 ? undefined : from + at, line: start.line };
}

interface Sink {
  readonly links: Link[];
  readonly anchors: Set<string>;
  readonly codes: CodeSpan[];
  heading(depth: number, title: string, line: number): void;
}

function readHtml(
  html: string,
  offset: number,
  starts: readonly number[],
  { links, anchors, codes, heading }: Sink,
): void {
  const line = (at: number): number => lineAt(starts, offset + at);
  for (const match of html.matchAll(/(?<!`)`([^`\n]{1,200})`(?!`)/g))
    codes.push({ text: match[1]!, start: offset + match.index + 1, line: line(match.index) });
  const bare = html.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replace(/[^\n]/g, ' '));
  for (const match of bare.matchAll(/\b(href|src|id|name)\s*=\s*(["'])([^"'<>]*)\2/gi)) {
    const [whole, name, , value] = match;
    const attribute = name!.toLowerCase();
    if (attribute === 'id' || attribute === 'name') anchors.add(value!);
    else if (value !== '') {
      const start = match.index + whole.length - 1 - value!.length;
      const kind = attribute === 'src' ? 'image' : 'link';
      links.push({ kind, url: value!, start: offset + start, line: line(match.index) });
    }
  }
  // By level, where the first heading since the last end of one begins.
  const open = new Map<string, { readonly at: number; readonly end: number }>();
  for (const { 0: tag, 1: ends, 2: begins, index: at } of bare.matchAll(
    /<\/h([1-6]>)?|<h([1-6])\b[^<>]*>/gi,
  )) {
    if (begins !== undefined) {
      if (!open.has(begins)) open.set(begins, { at, end: at + tag.length });
      continue;
    }
    const first = ends === undefined ? undefined : open.get(ends[0]!);
    open.clear();
    const title =
      first &&
      bare
        .slice(first.end, at)
        .replace(/<[^<>]*>/g, '')
        .trim();
    if (first && title) heading(Number(ends![0]), title, line(first.at));
  }
}

/** The text of a heading as GitHub makes its anchor from it: without images and tags. */
function plain(node: HeadingNode | Nodes): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value;
  return 'children' in node ? node.children.map(plain).join('') : '';
}
