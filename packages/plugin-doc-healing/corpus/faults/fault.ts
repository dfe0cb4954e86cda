import type { Random } from '../random.ts';

/** What is put into a text, and how the code was when that was still right. */
export interface Fault {
  readonly kind: string;
  readonly repository: string;
  readonly file: string;
  /** Of the text that is changed, from 1, in the original. */
  readonly line: number;
  readonly lastLine: number;
  /** What was done, for people. */
  readonly what: string;
}

/** A repository that faults are put into. No two touch the same lines of a file. */
export interface Patient {
  readonly name: string;
  /** Files as they are, right. */
  readonly original: ReadonlyMap<string, string>;
  /** The same with faults in the documentation. */
  readonly head: Map<string, string>;
  /** As all was before: with these texts, and the code that they were right for. */
  readonly base: Map<string, string>;
  readonly taken: Set<string>;
  /** Names that were changed, each at most once. */
  readonly used: Set<string>;
}

/** Puts one fault into a repository. @returns undefined where it finds no place for one */
export type Seeder = (patient: Patient, random: Random) => Fault | undefined;

/** A fenced code block, found without any parser of Markdown. */
export interface Block {
  readonly file: string;
  readonly language: string;
  readonly text: string;
  /** Of its first line of text, from 1. */
  readonly line: number;
}

export function blocksOf(patient: Patient, languages: RegExp): Block[] {
  const found: Block[] = [];
  for (const [file, text] of patient.original) {
    if (!isText(file)) continue;
    const lines = text.split('\n');
    for (let at = 0; at < lines.length; at++) {
      const [, fence, language] = /^(`{3,}|~{3,})\s*([\w-]+)\s*$/.exec(lines[at]!) ?? [];
      if (fence === undefined) continue;
      const end = lines.findIndex((line, index) => index > at && line.startsWith(fence));
      if (end < 0) break;
      if (languages.test(language!))
        found.push({ file, language: language!, text: lines.slice(at + 1, end).join('\n'), line: at + 2 });
      at = end;
    }
  }
  return found.filter((block) => isFree(patient, block.file, block.line, lastLine(block)));
}

export function lastLine({ line, text }: Block): number {
  return line + text.split('\n').length - 1;
}

export function isText(file: string): boolean {
  return file.endsWith('.md') && !/(?:^|\/)(?:CHANGELOG|HISTORY|changelog|\.changeset\/)/.test(file);
}

export function isCode(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file);
}

export function isFree({ taken }: Patient, file: string, from: number, to: number): boolean {
  for (let line = from; line <= to; line++) if (taken.has(`${file}:${line}`)) return false;
  return true;
}

/** Replaces lines of a text, as many by as many, and keeps others from them. */
export function put(patient: Patient, file: string, from: number, lines: readonly string[]): void {
  for (const files of [patient.head, patient.base]) {
    const all = (files.get(file) ?? '').split('\n');
    all.splice(from - 1, lines.length, ...lines);
    files.set(file, all.join('\n'));
  }
  for (let line = from; line < from + lines.length; line++) patient.taken.add(`${file}:${line}`);
}

/** Changes the code as it was. @returns in how many files */
export function changeBase(
  patient: Patient,
  change: (text: string, file: string) => string,
  which: (file: string) => boolean = isCode,
): number {
  let count = 0;
  for (const [file, text] of patient.base) {
    if (!which(file)) continue;
    const changed = change(text, file);
    if (changed === text) continue;
    patient.base.set(file, changed);
    count++;
  }
  return count;
}

export function word(name: string): RegExp {
  return new RegExp(`(?<![\\w$-])${name.replace(/[$.*+?()[\]{}|^\\]/g, '\\$&')}(?![\\w$-])`, 'g');
}

const verbs = ['make', 'build', 'prepare', 'obtain', 'open', 'fetch', 'read', 'load', 'do', 'run'];
const nouns = ['Options', 'Instance', 'Value', 'Handler', 'Legacy', 'Thing', 'Unit', 'Entry', 'Sync', 'Item'];

/** What a name may have been called before: another verb, an ending more or less, its parts turned round. */
export function olderName(name: string, random: Random): string {
  const parts = (name.match(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])|[_$]+/g) ?? [name]).filter(
    (part) => part !== '',
  );
  if (parts.length === 0) return `${name}${random.pick(nouns)}`;
  const capital = /^[A-Z]/.test(name);
  const join = (list: readonly string[]): string => {
    const text = list.map((part) => part[0]!.toUpperCase() + part.slice(1)).join('');
    return capital ? text : text[0]!.toLowerCase() + text.slice(1);
  };
  const choice = random.below(4);
  if (choice === 0 && parts.length > 1) return join([random.pick(verbs), ...parts.slice(1)]);
  if (choice === 1 && parts.length > 1) return join([...parts.slice(1), parts[0]!]);
  if (choice === 2 && parts.length > 2) return join(parts.slice(0, -1));
  return join([...parts, random.pick(nouns)]);
}

/** The package of a repository that a text belongs to. */
export function manifestOf(
  patient: Patient,
  file: string,
): { path: string; value: Record<string, unknown> } | undefined {
  const parts = file.split('/').slice(0, -1);
  for (;;) {
    const path = [...parts, 'package.json'].join('/');
    const text = patient.original.get(path);
    if (text !== undefined) return { path, value: JSON.parse(text) as Record<string, unknown> };
    if (parts.pop() === undefined) return undefined;
  }
}
