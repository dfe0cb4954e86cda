import { nameLikeness, textLikeness } from '../project/similarity.ts';
import type { Proposal, Rule } from './correction.ts';

/** Properties and methods that are called otherwise now: by the lines that declare them. */
export const healMember: Rule = async ({ finding, project }) => {
  const { subject, start, end, data } = finding;
  const owner = project.head.packages.find(({ folder }) => folder === data?.member);
  const old = project.base?.packages.find(({ folder }) => folder === data?.member);
  if (!owner || !old || start === undefined || end === undefined) return [];
  const before = await project.base?.members.of(old);
  const line = before?.get(subject) ?? '';
  const proposals: Proposal[] = [];
  for (const [name, declared] of await project.head.members.of(owner)) {
    const like = nameLikeness(name, subject);
    // What was there before is less likely to be the new name of something else.
    const known = before?.has(name) === true ? 0.15 : 0;
    const context = textLikeness(line.replaceAll(subject, '\u0001'), declared.replaceAll(name, '\u0001'));
    const confidence = (context === 1 ? 0.8 + 0.15 * like : 0.65 * context + 0.28 * like) - known;
    if (confidence > 0.5)
      proposals.push({
        edits: [{ start, end, text: name }],
        rule: 'changed_signature',
        confidence,
        reason: `"${subject}" is called "${name}" now.`,
      });
  }
  return proposals.sort((a, b) => b.confidence - a.confidence).slice(0, 3);
};
