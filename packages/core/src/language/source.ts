import type { JsonValue } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import type { Note } from './note.ts';
import type { Path, Position } from './path.ts';

/** Which part of the place a problem points at. */
export interface LocateOptions {
  /** The key of the entry and not its value. */
  key?: boolean;
  /** Characters into the text value, where the text is written without escapes. */
  offset?: number;
}

/** A document as it was read from text. */
export interface Source {
  readonly kind: 'source';
  /** As it was given, untouched. */
  readonly text: string;
  /** For messages only; nothing is read. */
  readonly file?: string;
  /** The plain value with older spellings normalised; undefined when the text cannot be read. */
  readonly value: JsonValue | undefined;
  /** Why the text cannot be read, or may not be. */
  readonly problems: readonly Problem[];
  /** What was normalised. */
  readonly notes: readonly Note[];
  /** Where `path` of {@link Source.value} stands, or the nearest thing around it that is written. */
  locate(path: Path, options?: LocateOptions): Position | undefined;
  /** Path of the workflow in the text: `['workflow']` below a wrapper, mostly empty. */
  readonly root: Path;
}

/** True for what `parseDocument` returned. */
export function isSource(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && (value as Source).kind === 'source';
}
