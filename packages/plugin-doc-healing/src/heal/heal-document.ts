import { checkDocument } from '../check/check-document.ts';
import { type Finding, type FindingKind, identityOf } from '../check/finding.ts';
import { applyEdits } from '../markdown/model.ts';
import { parseMarkdown } from '../markdown/parse.ts';
import type { Project } from '../project/project.ts';
import { healCall } from './calls.ts';
import { healFlag, healScript, healVersion } from './commands.ts';
import { type Correction, type Proposal, type Rule, round } from './correction.ts';
import { healAnchor, healLink, healPath } from './links.ts';
import { healModule, healName } from './names.ts';
import { healSyntax } from './syntax.ts';

const rules: Readonly<Partial<Record<FindingKind, Rule>>> = {
  syntax: healSyntax,
  name_unknown: healName,
  import_unknown: healModule,
  call_mismatch: healCall,
  link_missing: healLink,
  image_missing: healLink,
  anchor_missing: healAnchor,
  path_missing: healPath,
  script_missing: healScript,
  flag_unknown: healFlag,
  version_outdated: healVersion,
};

export interface HealOptions {
  /** What is surer than this is corrected. */
  readonly minConfidence: number;
  /** Asked when no rule helps. */
  readonly suggest?: Rule | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file after all that could be healed. */
export interface HealedDocument {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly corrections: readonly Correction[];
  /** What is still wrong. */
  readonly left: readonly Finding[];
}

/** So many findings of one file are worked on. */
const maxRounds = 200;

/**
 * Heals a file finding by finding. Each proposal is checked as the whole file would be: it counts when what it was made for is gone
 * and nothing new is wrong.
 */
export async function healDocument(
  file: string,
  project: Project,
  options: HealOptions,
): Promise<HealedDocument | undefined> {
  const original = await project.head.document(file);
  if ('skipped' in original) return undefined;
  const before = original.text;
  let text = before;
  let { findings } = await checkDocument(file, project);
  const corrections: Correction[] = [];
  const given = new Map<string, number>();
  for (let round_ = 0; round_ < maxRounds; round_++) {
    options.signal?.throwIfAborted();
    const finding = nextOf(findings, given);
    if (!finding) break;
    const healed = await heal(finding, findings, text, project, options);
    if (!healed) {
      given.set(identityOf(finding), (given.get(identityOf(finding)) ?? 0) + 1);
      continue;
    }
    const { kind, line, message } = finding;
    const { rule, confidence, reason } = healed.proposal;
    corrections.push({ ...{ kind, file, line, message, rule, reason }, confidence: round(confidence) });
    ({ text, findings } = healed);
  }
  return { file, before, after: text, corrections, left: findings };
}

/** The first that was not given up, where several that read the same stand for each other. */
function nextOf(findings: readonly Finding[], given: ReadonlyMap<string, number>): Finding | undefined {
  const passed = new Map<string, number>();
  return findings.find((finding) => {
    const identity = identityOf(finding);
    const count = (passed.get(identity) ?? 0) + 1;
    passed.set(identity, count);
    return count > (given.get(identity) ?? 0);
  });
}

async function heal(
  finding: Finding,
  findings: readonly Finding[],
  text: string,
  project: Project,
  { minConfidence, suggest }: HealOptions,
): Promise<{ text: string; findings: readonly Finding[]; proposal: Proposal } | undefined> {
  const document = parseMarkdown(text);
  if ('skipped' in document) return undefined;
  const ailment = { finding, document, project };
  for (const rule of [rules[finding.kind], suggest]) {
    const proposals = (await rule?.(ailment)) ?? [];
    for (const proposal of proposals) {
      if (proposal.confidence < minConfidence) continue;
      const edited = applyEdits(text, proposal.edits);
      if (edited === text) continue;
      const { findings: after, skipped } = await checkDocument(finding.file, project, edited);
      if (skipped === undefined && isBetter(finding, findings, after))
        return { text: edited, findings: after, proposal };
    }
  }
  return undefined;
}

/**
 * True when the finding is gone, one of its kind less, and nothing has come. What a parser stopped before it got there may show
 * only now: a block that can be read again may use names that are gone.
 */
function isBetter(finding: Finding, before: readonly Finding[], after: readonly Finding[]): boolean {
  const count = (list: readonly Finding[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const each of list) counts.set(identityOf(each), (counts.get(identityOf(each)) ?? 0) + 1);
    return counts;
  };
  const [had, has] = [count(before), count(after)];
  const identity = identityOf(finding);
  if ((has.get(identity) ?? 0) >= had.get(identity)!) return false;
  if (finding.kind === 'syntax') {
    const syntax = (list: readonly Finding[]): number => list.filter(({ kind }) => kind === 'syntax').length;
    const elsewhere = after.filter(({ block, kind }) => kind !== 'syntax' && block !== finding.block);
    return syntax(after) < syntax(before) && elsewhere.every((each) => (had.get(identityOf(each)) ?? 0) > 0);
  }
  return [...has].every(([each, times]) => times <= (had.get(each) ?? 0));
}
