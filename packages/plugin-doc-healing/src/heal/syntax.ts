import { canonicalLanguage } from '../languages/index.ts';
import { promptsOf } from '../languages/session.ts';
import { candidatesFor } from './candidates/candidates.ts';
import type { Proposal, Rule } from './correction.ts';
import { replaceSafely } from './replace.ts';

/** Languages of which a program of its own reads each text; the others are read in this process or many at a time. */
const slow = new Set(['shell', 'console', 'rust', 'go']);
const maxText = 20_000;
const batch = 60;

/** Slips of syntax: the likeliest small edits that the parser of the language takes. */
export const healSyntax: Rule = async ({ finding, document, project }) => {
  const block = document.blocks[finding.block ?? -1];
  if (!block || block.text.length > maxText) return [];
  // Which of two keys is meant, nobody can tell.
  if (/keys must be unique/.test(finding.message)) return [];
  const language = canonicalLanguage(block.language);
  const { line, column } = finding.data as { line: number; column: number };
  const lines = block.text.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const isShell = language === 'shell' || language === 'console';
  const prompts = isShell ? promptsOf(block.text) : '';
  const candidates = candidatesFor(isShell ? 'shell' : language, block.text, start + column - 1)
    // A command without its prompt would be an answer, which is never wrong.
    .filter(({ text }) => !isShell || promptsOf(text) === prompts)
    .slice(0, slow.has(language) ? 90 : 900);
  const valid: { text: string; cost: number; what: string }[] = [];
  for (let at = 0; at < candidates.length && valid.length < 4; at += batch) {
    const some = candidates.slice(at, at + batch);
    const verdicts = await project.syntax.check(
      language,
      some.map(({ text }) => text),
    );
    valid.push(...some.filter((_, index) => verdicts[index]?.status === 'ok'));
  }
  return valid.slice(0, 4).flatMap(({ text, cost, what }, at): Proposal[] => {
    const edit = replaceSafely(document, block, text);
    if (!edit) return [];
    const rival = valid[at + 1];
    const sure = rival === undefined || rival.cost - cost > 0.3 ? 0.08 : 0;
    const confidence = Math.max(0.3, 0.95 - 0.15 * cost - 0.12 * at + sure);
    return [{ edits: [edit], rule: 'syntax_repair', confidence, reason: `There is ${what}.` }];
  });
};
