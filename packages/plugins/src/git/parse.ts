import { maxFiles } from './schemas.ts';

/** A file and what became of it. */
export interface ChangedFile {
  readonly path: string;
  readonly status: string;
}

const states = {
  A: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  C: 'copied',
  T: 'type_changed',
  U: 'unmerged',
  '?': 'untracked',
  '.': 'unmodified',
} as const;

/** What became of a file. */
export type FileState = (typeof states)[keyof typeof states];

/** The word for a letter of git. */
export function stateOf(letter: string): FileState {
  return (states as Readonly<Record<string, FileState>>)[letter] ?? 'modified';
}

/** Reads `--name-status -z --no-renames`. */
export function parseNameStatus(text: string): ChangedFile[] {
  const fields = text.split('\0');
  const files: ChangedFile[] = [];
  for (let i = 0; i + 1 < fields.length && files.length < maxFiles; i += 2)
    files.push({ status: stateOf(fields[i]!.charAt(0)), path: fields[i + 1]! });
  return files;
}

/** Lines of a file that came and went; of a binary one nobody counts them. */
export interface CountedFile {
  readonly path: string;
  readonly from?: string;
  readonly additions: number;
  readonly deletions: number;
  readonly binary: boolean;
}

/** Reads `--numstat -z`: counts and path, or counts, nothing, and two paths more for what was renamed. */
export function parseNumstat(text: string): CountedFile[] {
  const fields = text.split('\0');
  const files: CountedFile[] = [];
  for (let i = 0; i < fields.length && files.length < maxFiles; i++) {
    const [, added, deleted, path] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(fields[i]!) ?? [];
    if (added === undefined || path === undefined) continue;
    const counts = { additions: Number(added) || 0, deletions: Number(deleted) || 0, binary: added === '-' };
    if (path !== '') files.push({ path, ...counts });
    else files.push({ path: fields[i + 2] ?? '', from: fields[i + 1] ?? '', ...counts });
    if (path === '') i += 2;
  }
  return files;
}
