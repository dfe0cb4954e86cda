import { readCode } from '../check/code.ts';
import type { Edit, MarkdownDocument } from '../markdown/model.ts';
import { changesOf, type Renamed } from '../project/history.ts';
import { nameLikeness } from '../project/similarity.ts';
import type { Ailment, Proposal, Rule } from './correction.ts';
import { healMember } from './members.ts';

/** Names that were renamed or moved to another module. */
export const healName: Rule = async (ailment) => {
  const { finding, project } = ailment;
  if (finding.data?.member !== undefined) return healMember(ailment);
  const specifier = finding.data?.module;
  const owner = typeof specifier === 'string' ? project.head.packageOf(specifier) : undefined;
  if (!owner?.name || typeof specifier !== 'string') return [];
  const old = finding.subject;
  const { removed, places, now, before } = await changesOf(project, owner.name);
  const proposals: Proposal[] = [];
  // It is still there, and where it is imported from is wrong.
  for (const place of places.get(old) ?? []) {
    const together = (names: readonly string[]): boolean =>
      names.every((each) => places.get(each)?.includes(place));
    const edits = moveImport(ailment, old, specifier, place, together);
    const reason = `"${old}" is exported by ${place}, not by ${specifier}.`;
    if (edits)
      proposals.push({ edits, rule: 'moved_symbol', confidence: before.has(old) ? 0.93 : 0.85, reason });
  }
  const renamed = removed.get(old) ?? [];
  const similar = before.has(old) ? [] : mistyped(old, now.keys());
  for (const { name, confidence, why } of [...renamed, ...similar]) {
    const edits = renameAll(ailment.document, old, name, ailment);
    if (edits.length > 0) proposals.push({ edits, rule: 'renamed_symbol', confidence, reason: `${why}.` });
  }
  return proposals.sort((a, b) => b.confidence - a.confidence);
};

function mistyped(old: string, names: Iterable<string>): Renamed[] {
  return [...names]
    .map((name) => ({
      name,
      confidence: 0.85 * nameLikeness(old, name),
      why: `"${name}" is nearly the same as "${old}"`,
    }))
    .filter(({ confidence }) => confidence > 0.55)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, 3);
}

/** All places of a file where the name stands for what was exported. */
function renameAll(document: MarkdownDocument, old: string, name: string, { finding }: Ailment): Edit[] {
  const places = new Map<number, string>();
  const code = readCode(document);
  const declares = code.some(({ declared }) => declared.has(old));
  for (const { bindings, references, members } of code) {
    const whole = new Set(
      bindings.filter((each) => each.name === '*' || each.name === 'default').map(({ local }) => local),
    );
    const renamed = new Set(
      bindings.filter((each) => each.name === old && each.local !== old).map(({ start }) => start),
    );
    for (const each of bindings) if (each.name === old) places.set(each.start, name);
    if (!declares) for (const { name: used, start } of references) if (used === old) places.set(start, name);
    for (const { object, name: member, start } of members)
      if (member === old && (whole.has(object) || start === finding.start)) places.set(start, name);
    for (const start of renamed) places.set(start, name);
  }
  for (const { text, start } of document.codes) {
    const at = new RegExp(`(?<![\\w$])${escaped(old)}(?![\\w$])`).exec(text.slice(0, 500));
    if (at && start !== undefined && (/^[\w$.]+(?:\(.*\))?;?$/.test(text) || text.startsWith('new ')))
      places.set(start + at.index, name);
  }
  if (finding.start !== undefined && !places.has(finding.start)) places.set(finding.start, name);
  return [...places]
    .filter(([start]) => document.text.slice(start, start + old.length) === old)
    .map(([start, text]) => ({ start, end: start + old.length, text }));
}

function escaped(text: string): string {
  return text.replace(/[$]/g, '\\$&');
}

/** Lets a name be imported from another module; other names stay with theirs. */
function moveImport(
  { finding, document }: Ailment,
  name: string,
  from: string,
  to: string,
  together: (names: readonly string[]) => boolean,
): Edit[] | undefined {
  const code = readCode(document).find(({ block }) => block === finding.block);
  const use = code?.modules.find((each) => each.specifier === from && each.names.includes(name));
  if (!code || !use) return undefined;
  if (together(use.names)) return [{ start: use.start, end: use.end, text: to }];
  const { text } = document;
  const lineEnd = text.indexOf('\n', use.end);
  const lineStart = text.lastIndexOf('\n', use.start) + 1;
  const statement = text.slice(lineStart, lineEnd);
  const found = new RegExp(
    `(?<![\\w$])(type\\s+)?${escaped(name)}(\\s+as\\s+[\\w$]+)?(?![\\w$])\\s*,?\\s*`,
  ).exec(statement);
  const quote = text[use.start - 1] ?? "'";
  const indent = /^\s*/.exec(statement)?.[0] ?? '';
  if (!found || !/^\s*import\s*\{/.test(statement)) return undefined;
  const rest = statement.slice(0, found.index) + statement.slice(found.index + found[0].length);
  const kept = rest.replace(/,\s*\}/, ' }').replace(/\s+\}/, ' }');
  const semicolon = statement.trimEnd().endsWith(';') ? ';' : '';
  const specifier = found[0].trim().replace(/,$/, '');
  const added = `${indent}import { ${specifier} } from ${quote}${to}${quote}${semicolon}`;
  return [{ start: lineStart, end: lineEnd, text: `${kept}\n${added}` }];
}

/** Modules that a package does not have, or not any more. */
export const healModule: Rule = async ({ finding, document, project }) => {
  const { subject, start, end, block } = finding;
  const owner = project.head.packageOf(subject);
  if (!owner?.name || start === undefined || end === undefined) return [];
  const use = readCode(document)
    .find((each) => each.block === block)
    ?.modules.find((each) => each.start === start);
  const { places } = await changesOf(project, owner.name);
  const proposals: Proposal[] = [];
  const was = project.base?.packageOf(subject)?.entries.get(subject);
  for (const [entry, file] of owner.entries) {
    const names = (use?.names ?? []).filter((name) => name !== '*' && name !== 'default');
    const has = names.length > 0 && names.every((name) => places.get(name)?.includes(entry));
    const like = nameLikeness(entry, subject);
    const same = was !== undefined && file === was;
    const confidence = same ? 0.95 : has ? 0.85 + 0.1 * like : 0.8 * like;
    const reason = same
      ? `${subject} is called ${entry} now.`
      : has
        ? `${entry} exports ${names.join(', ')}.`
        : `${entry} is nearly the same.`;
    if (same || has || like > 0.75)
      proposals.push({ edits: [{ start, end, text: entry }], rule: 'moved_symbol', confidence, reason });
  }
  return proposals.sort((a, b) => b.confidence - a.confidence).slice(0, 3);
};
