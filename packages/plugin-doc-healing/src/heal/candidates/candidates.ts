import type { Add } from './edit.ts';
import { addMarks } from './marks.ts';
import { addPartners } from './partners.ts';
import { addSlips } from './slips.ts';
import { addWords } from './words.ts';

/** An edited text that may be right, with what it costs to believe in it. */
export interface Candidate {
  readonly text: string;
  readonly cost: number;
  readonly what: string;
}

const limit = 900;

/**
 * Small edits around the place where a parser gave up, the likeliest first: what has no partner gets one, what is one too many goes,
 * misspelt keywords are corrected, and the slips that each language has of its own. Whether any is right the parser says.
 */
export function candidatesFor(language: string, text: string, offset: number): Candidate[] {
  const found = new Map<string, Candidate>();
  const add: Add = (start, end, put, cost, what) => {
    const edited = text.slice(0, start) + put + text.slice(end);
    if (edited !== text && (found.get(edited)?.cost ?? Number.POSITIVE_INFINITY) > cost)
      found.set(edited, { text: edited, cost, what });
  };
  const at = Math.max(0, Math.min(offset, text.length));
  addPartners(language, text, at, add);
  addWords(language, text, at, add);
  addMarks(language, text, at, add);
  addSlips(language, text, at, add);
  return [...found.values()].sort((a, b) => a.cost - b.cost).slice(0, limit);
}
