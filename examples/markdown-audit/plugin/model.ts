/** What the handlers of the audit give to each other. Paths are relative to the audited folder, with "/". */

export type ProblemKind =
  | 'broken_file'
  | 'broken_image'
  | 'broken_anchor'
  | 'broken_external'
  | 'undefined_reference'
  | 'outside'
  | 'unreadable'
  | 'skipped_level'
  | 'several_titles'
  | 'empty_heading';

/** How each kind is called in a report. `broken` ones count as broken links, the others as warnings. */
export const problemKinds: Record<ProblemKind, { label: string; broken: boolean }> = {
  broken_file: { label: 'Link to a missing file', broken: true },
  broken_image: { label: 'Missing image', broken: true },
  broken_anchor: { label: 'Link to a missing anchor', broken: true },
  broken_external: { label: 'External link that fails', broken: true },
  undefined_reference: { label: 'Undefined reference', broken: true },
  outside: { label: 'Link out of the workspace', broken: true },
  unreadable: { label: 'File that cannot be read', broken: false },
  skipped_level: { label: 'Skipped heading level', broken: false },
  several_titles: { label: 'Several h1 headings', broken: false },
  empty_heading: { label: 'Empty heading', broken: false },
};

export interface Problem {
  kind: ProblemKind;
  file: string;
  /** From 1. */
  line: number;
  message: string;
}

export interface Link {
  url: string;
  line: number;
  image: boolean;
}

/** Code blocks of one language in one file. */
export interface CodeCount {
  language: string;
  blocks: number;
  lines: number;
}

/** Code blocks of one language in all files. */
export interface LanguageCount extends CodeCount {
  files: number;
}

/** What a step gives for one file: small, whatever the file holds. */
export interface FileSummary {
  path: string;
  bytes: number;
  lines: number;
  headings: number;
  /** All of them, images included. */
  links: number;
  /** Of these, links to files, links with an anchor, links to other hosts. */
  local: number;
  anchored: number;
  external: number;
  code: readonly CodeCount[];
  problems: readonly Problem[];
}

/** What checking the links or anchors of one file gave. */
export interface Checked {
  checked: number;
  problems: readonly Problem[];
}

export interface ExternalLink {
  url: string;
  /** Where it stands first. */
  file: string;
  line: number;
}

export interface Probe extends ExternalLink {
  ok: boolean;
  reason: string | null;
}

/** Everything a report shows: bounded, however many files there are. */
export interface Totals {
  folder: string;
  date: string;
  files: number;
  bytes: number;
  headings: number;
  links: number;
  local: number;
  anchored: number;
  external: number;
  external_checked: boolean;
  code_blocks: number;
  broken: number;
  warnings: number;
  languages: readonly LanguageCount[];
  problems_by_kind: readonly { kind: ProblemKind; count: number }[];
  largest: readonly { path: string; bytes: number; lines: number }[];
  /** The first of them, ordered by file and line. */
  problems: readonly Problem[];
}
