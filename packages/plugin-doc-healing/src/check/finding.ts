import type { JsonObject } from '@vwmp/core';
import { lineAt, lineStarts } from '../markdown/lines.ts';

/** What can be wrong with documentation. */
export const findingKinds = [
  'syntax',
  'type_error',
  'run_failed',
  'name_unknown',
  'import_unknown',
  'call_mismatch',
  'link_missing',
  'image_missing',
  'anchor_missing',
  'path_missing',
  'link_dead',
  'script_missing',
  'flag_unknown',
  'version_outdated',
] as const;

export type FindingKind = (typeof findingKinds)[number];

/** Something wrong, and where. */
export interface Finding {
  readonly kind: FindingKind;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** What it is about: a name, an address, a script. */
  readonly subject: string;
  /** Of what is wrong, in UTF-16 units from the beginning of the file; missing where that is not one place. */
  readonly start?: number;
  readonly end?: number;
  /** Of the code block, counted from 0 in its file. */
  readonly block?: number;
  /** What who heals it has to know besides. */
  readonly data?: JsonObject;
}

/** The same for the same thing in an edited text. */
export function identityOf({ kind, file, subject, message }: Finding): string {
  return `${kind}\0${file}\0${subject}\0${kind === 'syntax' ? '' : message}`;
}

/** Makes the finding about a part of a text. */
export function findingAt(
  text: string,
  start: number,
  end: number,
  rest: Omit<Finding, 'line' | 'column' | 'start' | 'end'>,
): Finding {
  const starts = lineStarts(text);
  const line = lineAt(starts, start);
  return { ...rest, line, column: start - starts[line - 1]! + 1, start, end };
}
