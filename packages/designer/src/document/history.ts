import { applySplice, difference, invert, type Splice } from './splice.ts';

/** One thing that can be undone. */
export interface Change {
  /** What was done, for people: "Add step". */
  readonly label: string;
  /** What it did to the text, if anything. */
  readonly splice?: Splice;
  /** What it did beside the text: where steps stand on the canvas. */
  readonly beside?: Beside;
  /** Changes with the same key that follow each other are one, as long as someone goes on typing at one place of a line. */
  readonly merge?: string;
}

/** Something beside the text that can be undone. */
export interface Beside {
  undo(): void;
  redo(): void;
}

/** What was done and what was undone of it, newest last. Kept as differences, so that a large document costs little. */
export interface History {
  readonly done: readonly Change[];
  readonly undone: readonly Change[];
}

export const emptyHistory: History = { done: [], undone: [] };

/** No more than these can be undone. */
const most = 500;

/** Notes that a text became another one. */
export function record(
  history: History,
  label: string,
  before: string,
  after: string,
  merge?: string,
  beside?: Beside,
): History {
  const splice = difference(before, after);
  if (!splice) return history;
  const last = history.done.at(-1);
  const goesOn = merge !== undefined && last?.merge === merge && history.undone.length === 0;
  if (goesOn && last.splice && isBehind(last.splice, splice)) {
    const first = applySplice(before, invert(last.splice));
    const both = difference(first, after);
    const done = history.done.slice(0, -1);
    return { done: both ? [...done, { label, merge, splice: both }] : done, undone: [] };
  }
  return { done: [...history.done, { label, splice, merge, beside }].slice(-most), undone: [] };
}

/** Whether a change touches what the last one wrote, and begins no line: else undo would take back whole pages of typing. */
function isBehind({ start, inserted }: Splice, now: Splice): boolean {
  return (
    now.start <= start + inserted.length &&
    now.start + now.removed.length >= start &&
    !now.inserted.includes('\n')
  );
}

/** Notes something that was done beside the text. */
export function recordBeside(history: History, label: string, beside: Beside): History {
  return { done: [...history.done, { label, beside }].slice(-most), undone: [] };
}

/** The text and history before the last change, or undefined when there is none. */
export function undo(history: History, text: string): { text: string; history: History } | undefined {
  const change = history.done.at(-1);
  if (!change) return undefined;
  change.beside?.undo();
  return {
    text: change.splice ? applySplice(text, invert(change.splice)) : text,
    // A change that was undone and done again is finished: nothing merges into it.
    history: {
      done: history.done.slice(0, -1),
      undone: [...history.undone, { ...change, merge: undefined }],
    },
  };
}

/** The text and history after the last change that was undone, or undefined when there is none. */
export function redo(history: History, text: string): { text: string; history: History } | undefined {
  const change = history.undone.at(-1);
  if (!change) return undefined;
  change.beside?.redo();
  return {
    text: change.splice ? applySplice(text, change.splice) : text,
    history: { done: [...history.done, change], undone: history.undone.slice(0, -1) },
  };
}
