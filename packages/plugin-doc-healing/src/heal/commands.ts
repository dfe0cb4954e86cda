import type { Package } from '../project/package.ts';
import { nameLikeness, textLikeness } from '../project/similarity.ts';
import type { Proposal, Rule } from './correction.ts';

/** Scripts that are called otherwise now: by what they run, else by their name. */
export const healScript: Rule = ({ finding, project }) => {
  const { file, subject, start, end } = finding;
  if (start === undefined || end === undefined) return [];
  const { head, base } = project;
  const near = (packages: readonly Package[]): readonly Package[] =>
    packages
      .filter(({ folder }) => folder === '' || file.startsWith(`${folder}/`))
      .sort((a, b) => b.folder.length - a.folder.length);
  const was = (base ? [...near(base.packages), ...base.packages] : []).find(({ scripts }) =>
    Object.hasOwn(scripts, subject),
  );
  const owners = was ? head.packages.filter(({ folder }) => folder === was.folder) : near(head.packages);
  const proposals = new Map<string, Proposal>();
  for (const { scripts } of owners) {
    for (const [name, command] of Object.entries(scripts)) {
      if (was && Object.hasOwn(was.scripts, name)) continue;
      const like = nameLikeness(name, subject);
      const same = was ? textLikeness(was.scripts[subject]!, command) : 0;
      const confidence = same === 1 ? 0.97 : was ? 0.7 * same + 0.25 * like : 0.85 * like;
      const reason =
        same === 1
          ? `The script "${subject}" is called "${name}" now.`
          : `The script "${name}" comes nearest to "${subject}".`;
      const better = confidence > Math.max(0.5, proposals.get(name)?.confidence ?? 0);
      if (better)
        proposals.set(name, {
          edits: [{ start, end, text: name }],
          rule: 'renamed_script',
          confidence,
          reason,
        });
    }
  }
  return sorted(proposals.values());
};

/** Options of commands that are called otherwise now: by the lines that declare them. */
export const healFlag: Rule = async ({ finding, project }) => {
  const { subject, start, end, data } = finding;
  const folder = data?.package;
  const owner = project.head.packages.find((each) => each.folder === folder);
  if (start === undefined || end === undefined || !owner) return [];
  const now = await project.head.flags.of(owner);
  const old = project.base?.packages.find((each) => each.folder === folder);
  const before = old && (await project.base?.flags.of(old));
  const line = before?.declared.get(subject);
  const proposals: Proposal[] = [];
  for (const [name, declared] of now.declared) {
    const fresh = line === undefined || !before?.declared.has(name);
    const like = nameLikeness(name, subject);
    const context = line === undefined ? 0 : textLikeness(without(line, subject), without(declared, name));
    const confidence =
      line === undefined
        ? 0.85 * like
        : context === 1 && fresh
          ? 0.96
          : 0.7 * context + 0.25 * like - (fresh ? 0 : 0.15);
    const reason =
      line === undefined ? `--${name} is nearly the same as --${subject}.` : `--${subject} is --${name} now.`;
    if (confidence > 0.5)
      proposals.push({ edits: [{ start, end, text: name }], rule: 'renamed_flag', confidence, reason });
  }
  return sorted(proposals);
};

function without(line: string, name: string): string {
  const camel = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return line.replaceAll(name, '\u0001').replaceAll(camel, '\u0001');
}

function sorted(proposals: Iterable<Proposal>): Proposal[] {
  return [...proposals].sort((a, b) => b.confidence - a.confidence).slice(0, 3);
}

/** Versions of the repository's packages, as precise as they were written. */
export const healVersion: Rule = ({ finding }) => {
  const { subject, start, end, data } = finding;
  const now = data?.now;
  if (typeof now !== 'string' || start === undefined || end === undefined) return [];
  const parts = subject.split(/[.-]/).length;
  const text = parts >= 3 ? now : now.split(/[.-]/).slice(0, parts).join('.');
  return [
    {
      edits: [{ start, end, text }],
      rule: 'outdated_version',
      confidence: 0.95,
      reason: `The version is ${now} now.`,
    },
  ];
};
