import type { Finding } from '../check/finding.ts';
import type { Edit, MarkdownDocument } from '../markdown/model.ts';
import type { Project } from '../project/project.ts';

/** Something that may heal a finding. Not believed before the edited text was checked again. */
export interface Proposal {
  readonly edits: readonly Edit[];
  /** By which rule. */
  readonly rule: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** A sentence for whoever decides about it. */
  readonly reason: string;
}

/** What a rule gets to see. */
export interface Ailment {
  readonly finding: Finding;
  readonly document: MarkdownDocument;
  readonly project: Project;
}

/** Proposes, the best first. */
export type Rule = (ailment: Ailment) => Promise<readonly Proposal[]> | readonly Proposal[];

/** A proposal that held. */
export interface Correction {
  readonly kind: Finding['kind'];
  readonly file: string;
  /** Of the finding, in the text as it was. */
  readonly line: number;
  readonly message: string;
  readonly rule: string;
  readonly confidence: number;
  readonly reason: string;
}

export function round(confidence: number): number {
  return Math.round(Math.min(0.99, Math.max(0, confidence)) * 100) / 100;
}
