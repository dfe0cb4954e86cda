import { parseMarkdown } from '../markdown/parse.ts';
import type { Project } from '../project/project.ts';
import { checkCalls } from './calls.ts';
import { checkCommands } from './commands.ts';
import type { Finding } from './finding.ts';
import { checkLinks } from './links.ts';
import { checkMembers } from './members.ts';
import { checkNames } from './names.ts';
import { checkPaths } from './paths.ts';
import { type BlockResult, checkSyntax } from './syntax.ts';
import { checkVersions } from './versions.ts';

/** What was found in one file. */
export interface DocumentResult {
  readonly findings: readonly Finding[];
  readonly blocks: readonly BlockResult[];
  readonly links: number;
  /** Why the file was not looked at. */
  readonly skipped?: string;
}

/** Two checks may see the same: the one that knows more comes first. */
function dropDoubles(findings: Finding[]): void {
  const seen = new Set<string>();
  for (let at = 0; at < findings.length; at++) {
    const { start, kind, subject } = findings[at]!;
    const key = `${start}\0${subject}`;
    if (start === undefined || kind === 'syntax') continue;
    if (seen.has(key)) findings.splice(at--, 1);
    else seen.add(key);
  }
}

/** Checks a Markdown file. What fails over it is told as a reason not to look at it. @param text - instead of what the repository has */
export async function checkDocument(file: string, project: Project, text?: string): Promise<DocumentResult> {
  try {
    return await check(file, project, text);
  } catch (error) {
    // What is wrong with where the files are concerns them all, as does being told to stop.
    if (!faults.some((fault) => error instanceof fault)) throw error;
    return { findings: [], blocks: [], links: 0, skipped: 'unreadable' };
  }
}

/** What a program throws that was not made for what it is given. */
const faults = [TypeError, RangeError, SyntaxError];

async function check(file: string, project: Project, text?: string): Promise<DocumentResult> {
  const document = text === undefined ? await project.head.document(file) : parseMarkdown(text);
  if ('skipped' in document) return { findings: [], blocks: [], links: 0, skipped: document.skipped };
  const { findings, blocks } = await checkSyntax(file, document, project);
  findings.push(
    ...(await checkLinks(file, document, project)),
    ...(await checkNames(file, document, project)),
    ...(await checkCalls(file, document, project)),
    ...(await checkMembers(file, document, project)),
    ...(await checkCommands(file, document, project)),
    ...checkVersions(file, document, project),
    ...checkPaths(file, document, project),
  );
  dropDoubles(findings);
  findings.sort((a, b) => a.line - b.line || a.column - b.column || (a.kind < b.kind ? -1 : 1));
  return { findings, blocks, links: document.links.length };
}
