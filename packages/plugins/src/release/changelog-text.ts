import type { Commit } from './commits.ts';
import { refuse } from './errors.ts';

const order = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];

/** Where a type of commit is told; what is not here is of no interest to users. */
const categories: Readonly<Record<string, string>> = {
  feat: 'Added',
  fix: 'Fixed',
  perf: 'Changed',
  change: 'Changed',
  deprecate: 'Deprecated',
  remove: 'Removed',
  revert: 'Removed',
  security: 'Security',
};

export const header = `# Changelog

All notable changes to this project are documented in this file. The format is based on
[Keep a Changelog](https://keepachangelog.com/en/1.1.0/), and versions follow [Semantic Versioning](https://semver.org/).

## [Unreleased]
`;

/** Entries by category, as lines of Markdown. */
export type Entries = ReadonlyMap<string, readonly string[]>;

/** Sorts what users should know of into categories. */
export function entriesOf(commits: readonly Commit[]): Entries {
  const entries = new Map<string, string[]>();
  // The oldest first, as they would have been written.
  for (const commit of commits.toReversed()) {
    const category = categories[commit.type] ?? (commit.breaking ? 'Changed' : undefined);
    if (category === undefined) continue;
    const lines = entries.get(category) ?? [];
    const line = toLine(commit);
    if (!lines.includes(line)) lines.push(line);
    entries.set(category, lines);
  }
  return entries;
}

function toLine({ breaking, scope, subject }: Commit): string {
  const words = subject.charAt(0).toUpperCase() + subject.slice(1);
  const text = `${breaking ? '**Breaking:** ' : ''}${scope === '' ? '' : `**${scope}:** `}${words}`;
  // Whoever commits must not write HTML into a page that is shown elsewhere.
  return `- ${text.replaceAll('<', '&lt;').slice(0, 500)}`;
}

/** A release as it is to be told. */
export interface Release {
  readonly version: string;
  /** `2026-01-31`. */
  readonly date: string;
  readonly tag: string;
  readonly entries: Entries;
}

/**
 * Tells of a release: what stands under "Unreleased" and what the commits say become its section, above the others. What is
 * there already stays as it is.
 *
 * @throws RELEASE_EXISTS when there is a section of this version
 */
export function addRelease(text: string, release: Release): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.replaceAll('\r\n', '\n').replace(/\n+$/, '').split('\n');
  const headings = findHeadings(lines);
  if (headings.some(({ name }) => name === release.version))
    throw refuse('RELEASE_EXISTS', `The changelog tells of version ${release.version} already.`);
  const unreleased = headings.find(({ name }) => /^unreleased$/i.test(name));
  const first = headings.find((heading) => heading !== unreleased && /^v?\d/.test(heading.name));
  const links = findLinks(lines);
  const at = unreleased?.line ?? first?.line ?? links;
  const end = unreleased
    ? Math.min(headings.find(({ line }) => line > unreleased.line)?.line ?? links, links)
    : at;
  const pending = unreleased ? lines.slice(unreleased.line + 1, end) : [];

  const bracket = first === undefined || lines[first.line]!.includes('[');
  const title = bracket
    ? `## [${release.version}] - ${release.date}`
    : `## ${release.version} - ${release.date}`;
  const body = merge(pending, release.entries);
  const section = [title, '', ...(body.length === 0 ? ['No notable changes.'] : body), ''];
  const head = trimEnd(lines.slice(0, at));
  const kept = unreleased ? [lines[unreleased.line]!, ''] : [];
  const rest = linkTo(lines.slice(end), release);
  const result = [...head, ...(head.length > 0 ? [''] : []), ...kept, ...section, ...rest];
  return `${trimEnd(result).join('\n')}\n`.replaceAll('\n', eol);
}

interface Heading {
  readonly line: number;
  readonly name: string;
}

/** Headings of the second level, but for those in examples. */
function findHeadings(lines: readonly string[]): Heading[] {
  const headings: Heading[] = [];
  let fence = '';
  for (const [line, text] of lines.entries()) {
    const [, mark = ''] = /^ {0,3}(```+|~~~+)/.exec(text) ?? [];
    if (fence !== '') {
      if (mark.startsWith(fence) && text.trim() === mark) fence = '';
      continue;
    }
    fence = mark;
    const [, name] = /^## +\[?([^\]\s]+)/.exec(text) ?? [];
    if (name !== undefined) headings.push({ line, name });
  }
  return headings;
}

/** Where the link definitions at the end begin. */
function findLinks(lines: readonly string[]): number {
  let at = lines.length;
  while (at > 0 && /^(\[[^\]]+\]:.*|\s*)$/.test(lines[at - 1]!)) at--;
  return at;
}

/** Puts entries under the headings that are there, in the order of Keep a Changelog. */
function merge(pending: readonly string[], entries: Entries): string[] {
  const groups = new Map<string, string[]>([['', []]]);
  let group = groups.get('')!;
  for (const line of pending) {
    const [, name] = /^### +(.+?) *$/.exec(line) ?? [];
    if (name === undefined) group.push(line);
    else {
      group = groups.get(name) ?? [];
      groups.set(name, group);
    }
  }
  for (const [name, added] of entries) {
    const lines = trimEnd(groups.get(name) ?? []);
    groups.set(name, [...lines, ...added.filter((line) => !lines.includes(line))]);
  }
  const rank = (name: string): number =>
    name === '' ? -1 : order.includes(name) ? order.indexOf(name) : order.length;
  const sorted = [...groups].sort(([a], [b]) => rank(a) - rank(b));
  const body = sorted.flatMap(([name, lines]) => {
    const content = trimEnd(trimStart(lines));
    if (content.length === 0) return [];
    return [...(name === '' ? [] : [`### ${name}`, '']), ...content, ''];
  });
  return trimEnd(body);
}

/** Where "Unreleased" links to a comparison, the version gets one too, and "Unreleased" begins after it. */
function linkTo(lines: readonly string[], { version, tag }: Release): string[] {
  return lines.flatMap((line) => {
    const [, name, start, from, end] =
      /^\[(unreleased)\]: *(\S+\/compare\/)(\S+?)\.\.\.(\S+)$/i.exec(line) ?? [];
    if (name === undefined) return [line];
    return [`[${name}]: ${start}${tag}...${end}`, `[${version}]: ${start}${from}...${tag}`];
  });
}

function trimEnd(lines: readonly string[]): string[] {
  let end = lines.length;
  while (end > 0 && lines[end - 1]!.trim() === '') end--;
  return lines.slice(0, end);
}

function trimStart(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  return first === -1 ? [] : lines.slice(first);
}

/** What stands under the heading of a version. */
export function sectionOf(text: string, version: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const headings = findHeadings(lines);
  const index = headings.findIndex(({ name }) => name === version);
  if (index === -1) return '';
  const end = Math.min(headings[index + 1]?.line ?? lines.length, findLinks(lines));
  return trimEnd(trimStart(lines.slice(headings[index]!.line + 1, end))).join('\n');
}
