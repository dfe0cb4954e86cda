import { anchorsOf, localTarget } from '../check/links.ts';
import { type Heading, isMarkdown, type MarkdownDocument } from '../markdown/model.ts';
import { relativePath } from '../project/project.ts';
import { nameLikeness } from '../project/similarity.ts';
import type { Ailment, Proposal, Rule } from './correction.ts';
import { findMoved } from './moved-files.ts';

/** Links and images whose file was moved, renamed or mistyped. */
export const healLink: Rule = async ({ finding, project }) => {
  const { file, subject, start, end } = finding;
  const target = localTarget(file, subject);
  if (!target || start === undefined || end === undefined) return [];
  const moved = await findMoved(target.path, project);
  return moved.map(({ path, confidence, reason }): Proposal => {
    const address = addressOf(file, path, target.written) + subject.slice(target.written.length);
    return { edits: [{ start, end, text: address }], rule: 'moved_file', confidence, reason: `${reason}.` };
  });
};

/** In the manner of the old one: from the root or with `./`, blanks escaped. */
function addressOf(file: string, path: string, written: string): string {
  const escaped = (text: string): string =>
    text
      .split('/')
      .map((part) => (part === '..' ? part : encodeURI(part)))
      .join('/');
  if (written.startsWith('/')) return `/${escaped(path)}`;
  const relative = escaped(relativePath(file, path));
  const tail = written.endsWith('/') && !relative.endsWith('/') ? '/' : '';
  return (written.startsWith('./') && !relative.startsWith('..') ? `./${relative}` : relative) + tail;
}

/** Files that sentences name. */
export const healPath: Rule = async ({ finding, project }) => {
  const { file, subject, start, end, data } = finding;
  const old = data?.path;
  if (typeof old !== 'string' || start === undefined || end === undefined) return [];
  const fromRoot = subject.replace(/^\.\//, '') === old;
  return (await findMoved(old, project)).map(({ path, confidence, reason }): Proposal => {
    const text = (subject.startsWith('./') ? './' : '') + (fromRoot ? path : relativePath(file, path));
    return { edits: [{ start, end, text }], rule: 'moved_file', confidence, reason: `${reason}.` };
  });
};

/** Anchors of headings that were renamed, moved to another file, or mistyped. */
export const healAnchor: Rule = async (ailment) => {
  const { finding, document, project } = ailment;
  const { file, subject, start, end } = finding;
  const target = localTarget(file, subject);
  if (!target?.anchor || start === undefined || end === undefined) return [];
  const now = target.path === file ? document : await anchorsOf(target.path, project.head);
  if (!now) return [];
  const { base } = project;
  const before = base && (await anchorsOf(target.path, base));
  const proposals = [
    ...inPlace(target.anchor, before, now),
    ...nearly(target.anchor, now),
    ...(await elsewhere(target.anchor, target.path, ailment)),
  ];
  const [address = ''] = subject.split('#');
  const best = new Map<string, Proposal>();
  for (const { url, confidence, reason } of proposals) {
    const text = url ?? '';
    const whole = text.startsWith('#') ? address + text : text;
    const edits = [{ start, end, text: whole }];
    if ((best.get(whole)?.confidence ?? 0) < confidence)
      best.set(whole, { edits, rule: 'moved_anchor', confidence, reason });
  }
  return [...best.values()].sort((a, b) => b.confidence - a.confidence).slice(0, 4);
};

interface Candidate {
  /** `#anchor`, with a file before it if that is another. */
  readonly url: string;
  readonly confidence: number;
  readonly reason: string;
}

/** The heading that stands where the old one stood: between the same neighbours. */
function inPlace(anchor: string, before: MarkdownDocument | undefined, now: MarkdownDocument): Candidate[] {
  const at = before?.headings.findIndex(({ slug }) => slug === anchor.toLowerCase()) ?? -1;
  if (!before || at < 0) return [];
  const old = before.headings[at]!;
  const had = new Set(before.headings.map(({ slug }) => slug));
  const neighbour = (headings: readonly Heading[], from: number, step: number): string | undefined => {
    for (let index = from + step; headings[index]; index += step) {
      const { slug } = headings[index]!;
      if (now.anchors.has(slug) && had.has(slug)) return slug;
    }
    return undefined;
  };
  return now.headings.flatMap((heading, index): Candidate[] => {
    if (had.has(heading.slug)) return [];
    const same = (step: number): boolean =>
      neighbour(before.headings, at, step) === neighbour(now.headings, index, step);
    const place = Number(same(-1)) + Number(same(1));
    const confidence =
      0.2 +
      0.25 * place +
      0.25 * nameLikeness(old.text, heading.text) +
      (heading.depth === old.depth ? 0.08 : 0);
    if (confidence < 0.5) return [];
    return [
      { url: `#${heading.slug}`, confidence, reason: `The heading "${old.text}" is "${heading.text}" now.` },
    ];
  });
}

function nearly(anchor: string, { anchors }: MarkdownDocument): Candidate[] {
  return [...anchors]
    .map((slug) => ({ slug, like: Math.max(nameLikeness(anchor, slug), sameWords(anchor, slug)) }))
    .filter(({ like }) => like > 0.6)
    .sort((a, b) => b.like - a.like)
    .slice(0, 3)
    .map(({ slug, like }) => ({
      url: `#${slug}`,
      confidence: 0.9 * like,
      reason: `#${slug} is nearly the same.`,
    }));
}

function sameWords(a: string, b: string): number {
  const [left, right] = [a, b].map((text) =>
    text
      .toLowerCase()
      .split(/[-_]+/)
      .filter((word) => word !== ''),
  );
  const shared = left!.filter((word) => right!.includes(word)).length;
  return (2 * shared) / Math.max(1, left!.length + right!.length) - 0.05;
}

/** The same heading in another file, if only one has it. */
async function elsewhere(anchor: string, path: string, { finding, project }: Ailment): Promise<Candidate[]> {
  const wanted = anchor.toLowerCase();
  const found: string[] = [];
  for (const file of project.head.paths.filter((each) => isMarkdown(each) && each !== path).slice(0, 2000)) {
    const document = await project.head.document(file);
    if (!('skipped' in document) && document.headings.some(({ slug }) => slug === wanted)) found.push(file);
  }
  const [only] = found;
  if (only === undefined || found.length > 1) return [];
  const before = project.base && (await anchorsOf(path, project.base));
  const moved = before?.anchors.has(wanted) === true;
  const url = `${only === finding.file ? '' : relativePath(finding.file, only)}#${anchor}`;
  return [{ url, confidence: moved ? 0.9 : 0.72, reason: `The heading #${anchor} is in ${only}.` }];
}
