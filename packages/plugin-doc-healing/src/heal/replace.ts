import { localTarget } from '../check/links.ts';
import {
  applyEdits,
  type CodeBlock,
  type Edit,
  type MarkdownDocument,
  replaceBlock,
} from '../markdown/model.ts';
import { parseMarkdown } from '../markdown/parse.ts';
import type { Ailment } from './correction.ts';

/** The edit that gives a block another text, if the file then has that text there and is the same everywhere else. */
export function replaceSafely(document: MarkdownDocument, block: CodeBlock, text: string): Edit | undefined {
  const edit = replaceBlock(document, block, text);
  const after = parseMarkdown(applyEdits(document.text, [edit]));
  if ('skipped' in after) return undefined;
  const wanted = document.blocks.map((each) => (each === block ? text : each.text));
  const same =
    isSame(
      after.blocks.map((each) => each.text),
      wanted,
    ) &&
    isSame(
      after.blocks.map(({ language, meta }) => [language, meta]),
      document.blocks.map(({ language, meta }) => [language, meta]),
    ) &&
    (['links', 'headings', 'codes'] as const).every((part) => differing(document, after, part) === 0);
  return same ? edit : undefined;
}

/**
 * The edit that gives the line of a finding another text, if all but what was found stays as it is and a link is still one, within the
 * repository.
 */
export function replaceLine(
  { finding, document }: Ailment,
  start: number,
  end: number,
  text: string,
): Edit | undefined {
  const { text: file } = document;
  const [from, to] = [finding.start!, finding.end ?? finding.start!];
  const [head, tail] = [file.slice(start, from), file.slice(to, end)];
  const put = text.slice(head.length, text.length - tail.length);
  const fits = text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
  if (!fits || put.trim() !== put || put === '' || /[<>`]/.test(put)) return undefined;
  const edit = { start: from, end: to, text: put };
  const after = parseMarkdown(applyEdits(file, [edit]));
  if ('skipped' in after) return undefined;
  const link = document.links.find((each) => each.start === from);
  const changed = after.links.find((each) => each.start === from);
  if (link && (changed?.url !== put || !localTarget(finding.file, put))) return undefined;
  const same =
    isSame(
      after.blocks.map((each) => each.text),
      document.blocks.map((each) => each.text),
    ) && (['links', 'headings', 'codes'] as const).every((part) => differing(document, after, part) <= 1);
  return same ? edit : undefined;
}

/** How many links, headings or codes are not the same; endlessly many when there are more or fewer. */
function differing(
  before: MarkdownDocument,
  after: MarkdownDocument,
  part: 'links' | 'headings' | 'codes',
): number {
  const named = (document: MarkdownDocument): string[] =>
    document[part].map((each) => JSON.stringify({ ...each, start: undefined, line: undefined }));
  const [old, now] = [named(before), named(after)];
  return old.length === now.length
    ? old.filter((each, at) => each !== now[at]).length
    : Number.POSITIVE_INFINITY;
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
