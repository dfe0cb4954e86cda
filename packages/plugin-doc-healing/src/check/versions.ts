import semver from 'semver';
import type { MarkdownDocument } from '../markdown/model.ts';
import type { Project } from '../project/project.ts';
import { type Finding, findingAt } from './finding.ts';

const written = [
  /(?<![\w@/.-])((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)@([\^~]|>=)?v?(\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?)(?![\w.]*\w@)/g,
  /["']((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)["']\s*:\s*["']([\^~]|>=)?v?(\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?)["']/g,
  /\/((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)@([\^~])?v?(\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?)(?=\/|$|["')\s])/gm,
];

/**
 * Versions of the repository's own packages that were right and are not any more. A version that is older but never was the
 * current one may be meant, as in "in version 4".
 */
export function checkVersions(file: string, { text }: MarkdownDocument, { head, base }: Project): Finding[] {
  if (!base) return [];
  const findings = new Map<number, Finding>();
  for (const pattern of written) {
    for (const match of text.matchAll(pattern)) {
      const [whole, name, operator = '', version] = match;
      const now = head.packages.find((each) => each.name === name)?.version;
      const was = base.packages.find((each) => each.name === name)?.version;
      if (!now || !was || now === was || !fits(version!, operator, was) || fits(version!, operator, now))
        continue;
      const start = match.index + whole.lastIndexOf(version!);
      const message = `${name} is at ${now}, not ${operator}${version}.`;
      const rest = { kind: 'version_outdated', file, subject: version!, message, data: { now } } as const;
      findings.set(start, findingAt(text, start, start + version!.length, rest));
    }
  }
  return [...findings.values()];
}

/** Whether a reader who installs what is written gets the version. */
function fits(written: string, operator: string, version: string): boolean {
  if (!semver.valid(version)) return false;
  const range = `${operator}${written}`;
  return semver.validRange(range) !== null && semver.satisfies(version, range, { includePrerelease: true });
}
