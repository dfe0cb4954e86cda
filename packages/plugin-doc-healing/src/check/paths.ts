import type { MarkdownDocument } from '../markdown/model.ts';
import { type Project, resolvePath } from '../project/project.ts';
import { type Finding, findingAt } from './finding.ts';

/** Files of the repository that are named in a sentence and were moved or removed since. Other names may be of files to come. */
export function checkPaths(
  file: string,
  { codes, text }: MarkdownDocument,
  { head, base }: Project,
): Finding[] {
  if (!base) return [];
  const findings: Finding[] = [];
  for (const { text: written, start } of codes) {
    if (start === undefined || !/^[\w@./-]{3,200}$/.test(written) || !/[/.]/.test(written)) continue;
    const bare = written.replace(/^\.\//, '').replace(/\/$/, '');
    const readings = [resolvePath(file, bare), bare].filter((path) => path !== undefined && path !== '');
    const there = readings.some((path) => head.exists(path!));
    const was = readings.find((path) => base.has.has(path!));
    if (there || was === undefined) continue;
    const rest = {
      kind: 'path_missing',
      file,
      subject: written,
      message: `There is no file ${written} any more.`,
      data: { path: was },
    } as const;
    findings.push(findingAt(text, start, start + written.length, rest));
  }
  return findings;
}
