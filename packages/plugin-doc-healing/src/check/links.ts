import { isMarkdown, type Link, type MarkdownDocument } from '../markdown/model.ts';
import { type Project, resolvePath, type State } from '../project/project.ts';
import { type Finding, findingAt } from './finding.ts';

/** An address that leads somewhere in the repository. */
export interface LocalTarget {
  /** As written, without what follows it. */
  readonly written: string;
  /** From the root of the repository. */
  readonly path: string;
  /** What stands behind `#`, decoded; undefined without one. */
  readonly anchor: string | undefined;
}

/** @returns undefined for what leads elsewhere */
export function localTarget(file: string, url: string): LocalTarget | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url) || url === '' || /[{}<>]/.test(url)) return undefined;
  const [address = '', ...fragment] = url.split('#');
  const [written = ''] = address.split('?');
  const decoded = decode(written);
  const path = written === '' ? file : decoded === undefined ? undefined : resolvePath(file, decoded);
  if (path === undefined) return undefined;
  return { written, path, anchor: url.includes('#') ? decode(fragment.join('#')) : undefined };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Links, images and anchors that lead nowhere. Addresses out of the repository are not looked at here. */
export async function checkLinks(
  file: string,
  document: MarkdownDocument,
  { head }: Project,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const link of document.links) {
    const target = localTarget(file, link.url);
    if (!target) continue;
    const problem = await problemWith(file, document, link, target, head);
    if (!problem) continue;
    const start = link.start;
    const rest = { ...problem, file, subject: link.url };
    if (start === undefined) findings.push({ ...rest, line: link.line, column: 1 });
    else findings.push(findingAt(document.text, start, start + link.url.length, rest));
  }
  return findings;
}

async function problemWith(
  file: string,
  document: MarkdownDocument,
  { kind }: Link,
  { path, anchor, written }: LocalTarget,
  head: State,
): Promise<Pick<Finding, 'kind' | 'message'> | undefined> {
  const exists = path === file || head.exists(path);
  if (!exists)
    return kind === 'image'
      ? { kind: 'image_missing', message: `There is no image ${written}.` }
      : { kind: 'link_missing', message: `There is no file ${written}.` };
  if (!anchor || kind === 'image' || /^(?:top|readme|L\d+.*)$/i.test(anchor)) return undefined;
  const target = path === file ? document : await anchorsOf(path, head);
  if (!target || hasAnchor(target, anchor)) return undefined;
  return { kind: 'anchor_missing', message: `There is no heading #${anchor} in ${path}.` };
}

/** The document that an anchor of a path is in: of a folder that of its README. */
export async function anchorsOf(path: string, state: State): Promise<MarkdownDocument | undefined> {
  const readme = path === '' ? 'README.md' : `${path}/README.md`;
  const file = isMarkdown(path) ? path : state.has.has(readme) ? readme : undefined;
  if (file === undefined) return undefined;
  const document = await state.document(file);
  return 'skipped' in document ? undefined : document;
}

const lowered = new WeakMap<MarkdownDocument, ReadonlySet<string>>();

export function hasAnchor(document: MarkdownDocument, anchor: string): boolean {
  const { anchors } = document;
  const wanted = anchor.replace(/^user-content-/, '');
  if (anchors.has(wanted) || anchors.has(anchor) || anchors.has(`user-content-${anchor}`)) return true;
  const lower = lowered.get(document) ?? new Set([...anchors].map((each) => each.toLowerCase()));
  lowered.set(document, lower);
  return lower.has(wanted.toLowerCase());
}
