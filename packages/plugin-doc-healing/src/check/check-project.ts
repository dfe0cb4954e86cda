import { isMarkdown } from '../markdown/model.ts';
import type { Project } from '../project/project.ts';
import { checkDocument } from './check-document.ts';
import type { Finding } from './finding.ts';
import { filesAhead, readAhead } from './syntax.ts';

/** How many code blocks of a language became what. */
export interface LanguageCounts {
  readonly language: string;
  readonly ok: number;
  readonly failed: number;
  readonly not_checked: number;
  /** Why blocks were not checked. */
  readonly reasons: readonly string[];
}

/** How many blocks of JavaScript and TypeScript ran to their end, failed, or were not run. */
export interface RunCounts {
  readonly ok: number;
  readonly failed: number;
  readonly not_checked: number;
  /** Why blocks were not run. */
  readonly reasons: readonly string[];
}

/** All that was found in the documentation of a repository. */
export interface Report {
  readonly files: number;
  readonly links: number;
  readonly blocks: {
    readonly total: number;
    readonly ok: number;
    readonly failed: number;
    readonly not_checked: number;
  };
  readonly languages: readonly LanguageCounts[];
  /** What became of the blocks that were to be run. */
  readonly runs?: RunCounts;
  readonly findings: readonly Finding[];
  /** How many there are; more than `findings` has, where these were too many. */
  readonly total: number;
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

export interface CheckOptions {
  /** Only these files. */
  readonly files?: readonly string[] | undefined;
  readonly maxFindings?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told of each file. */
  readonly progress?: (total: number, completed: number) => void;
  /** Checks something besides. */
  readonly also?: (file: string) => Promise<readonly Finding[]>;
}

/** Files that speak of what was, and are right about it. */
const past = /(?:^|\/)(?:\.changeset\/|(?:CHANGELOG|CHANGES|HISTORY|RELEASES?|NEWS)[^/]*$)/i;

/** The Markdown files that are meant: those of a list, or all but those that tell the past. */
export function documentsOf({ head }: Project, files?: readonly string[]): string[] {
  const all = head.paths.filter((path) => isMarkdown(path) && (files !== undefined || !past.test(path)));
  if (!files) return all;
  const wanted = new Set(files);
  return all.filter((path) => wanted.has(path));
}

/** Checks the documentation of a repository. */
export async function checkProject(project: Project, options: CheckOptions = {}): Promise<Report> {
  const files = documentsOf(project, options.files);
  const findings: Finding[] = [];
  const skipped: { file: string; reason: string }[] = [];
  const languages = new Map<
    string,
    { ok: number; failed: number; not_checked: number; reasons: Set<string> }
  >();
  let links = 0;
  for (const [at, file] of files.entries()) {
    options.signal?.throwIfAborted();
    options.progress?.(files.length, at);
    if (at % filesAhead === 0) await readAhead(files.slice(at, at + filesAhead), project);
    const result = await checkDocument(file, project);
    if (result.skipped !== undefined) skipped.push({ file, reason: result.skipped });
    links += result.links;
    findings.push(...result.findings, ...((await options.also?.(file)) ?? []));
    for (const { language, status, reason } of result.blocks) {
      const counts = languages.get(language) ?? { ok: 0, failed: 0, not_checked: 0, reasons: new Set() };
      counts[status]++;
      if (reason !== undefined) counts.reasons.add(reason);
      languages.set(language, counts);
    }
  }
  const list = [...languages].sort(([a], [b]) => (a < b ? -1 : 1));
  const sum = (status: 'ok' | 'failed' | 'not_checked'): number =>
    list.reduce((all, [, counts]) => all + counts[status], 0);
  const blocks = { ok: sum('ok'), failed: sum('failed'), not_checked: sum('not_checked') };
  return {
    ...{ files: files.length, links, skipped },
    blocks: { total: blocks.ok + blocks.failed + blocks.not_checked, ...blocks },
    languages: list.map(([language, { reasons, ...counts }]) => ({
      language,
      ...counts,
      reasons: [...reasons].sort(),
    })),
    findings: findings.slice(0, options.maxFindings ?? 1000),
    total: findings.length,
  };
}
