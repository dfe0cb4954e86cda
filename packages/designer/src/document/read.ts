import type { JsonValue } from '@vwmp/core';
import { parseDocument, type Source } from '@vwmp/core/language';

/** A text as far as it could be read. */
export interface Reading {
  /** The text that is shown, right or wrong. */
  readonly text: string;
  /** What was read from it: its problems are why it could not be. */
  readonly source: Source;
  /** The last text that could be read; the same as `text` unless that one is broken. */
  readonly good: Source;
  /** The document of the last text that could be read: what canvas and forms show. */
  readonly document: JsonValue;
  /** True while the text has a mistake, and the document is of an earlier one. */
  readonly isBroken: boolean;
}

let last: Source | undefined;

/** Parses a text; what was parsed last is at hand, as several look at the same text in turn. */
export function parse(text: string): Source {
  if (last?.text !== text) last = parseDocument(text, { limits });
  return last;
}

/** No limits: what is on screen may be larger than what may be saved, and the validator says so. */
const limits = { size: Number.POSITIVE_INFINITY };

/** Reads a text; where that is not possible, what was read before stays. */
export function read(text: string, before?: Reading): Reading {
  const source = parse(text);
  const readable = source.value !== undefined && source.problems.length === 0;
  const isEmpty = source.value === null || source.value === undefined ? text.trim() === '' : false;
  if (readable || isEmpty)
    return { text, source, good: source, document: source.value ?? null, isBroken: false };
  return {
    text,
    source,
    good: before?.good ?? source,
    document: before?.document ?? source.value ?? null,
    isBroken: true,
  };
}
