import { type Beside, emptyHistory, type History, record, recordBeside, redo, undo } from './history.ts';
import { type Reading, read } from './read.ts';
import { handlerOf, isWithin, stillUnread, type Unread } from './unread.ts';
import type { Path } from './value.ts';

/** A document that is being edited. */
export interface DocumentState extends Reading {
  /** What stands in the store of workflows, or in the file; undefined for what was never saved. */
  readonly savedText: string | undefined;
  /** True only when something differs from what was saved: the text, or what cannot be read. */
  readonly isChanged: boolean;
  /** What stands in fields and cannot be read. */
  readonly unread: readonly Unread[];
  /** The last of them that whoever shows the document was asked to go to. */
  readonly goTo:
    | {
        readonly address: Path;
        /** To be called by who has gone there. @param isThere - false where there is no such field any more */
        readonly arrived: (isThere: boolean) => void;
      }
    | undefined;
  /** What undo would undo, for people. */
  readonly undoLabel: string | undefined;
  readonly redoLabel: string | undefined;
}

/** Holds one text and everything that was done to it. */
export interface DocumentStore {
  getState(): DocumentState;
  /** @returns ends it */
  subscribe(listener: () => void): () => void;
  /**
   * Changes the text by an edit of the last good document. While the text is broken nothing happens: the edit would
   * bring back what stood there before the mistake.
   *
   * @param label - for people: "Add step"
   * @param merge - changes with the same key that follow each other at one place of a line are undone as one
   * @param beside - what was done with it beside the text
   * @returns whether the text was changed
   * @throws what the edit throws
   */
  edit(label: string, edit: (text: string) => string, merge?: string, beside?: Beside): boolean;
  /** Takes a text as it was typed. */
  type(text: string, merge?: string): void;
  /** Notes something that was done beside the text, so that undo comes by it. */
  did(label: string, beside: Beside): void;
  /** Notes what stands in a field and cannot be read, or that it can be now. It lasts until something else changes the value. */
  leaveUnread(address: Path, unread?: Omit<Unread, 'address'>): void;
  /**
   * Asks whoever shows the document to go to what cannot be read.
   *
   * @param then - called when it is found; or let go, as it has no field any more: what was to be done can be tried again
   * @returns whether there is any: the text is not what is seen then, and nothing is to be done with it
   */
  goToUnread(then: (found: Unread | undefined) => void): boolean;
  undo(): void;
  redo(): void;
  /** Tells what is saved now; without a text, the one that is shown. */
  saved(text?: string): void;
}

/**
 * Makes the store of a document.
 *
 * @param savedText - undefined for a new one
 * @param before - what could not be read when it was left
 */
export function createDocumentStore(
  text: string,
  savedText?: string,
  before: readonly Unread[] = [],
): DocumentStore {
  const listeners = new Set<() => void>();
  let history: History = emptyHistory;
  // Of a text with a mistake, what was saved is what was good before.
  let reading = read(text, savedText === undefined ? undefined : read(savedText));
  let saved = savedText;
  let unread = stillUnread(before, reading.document);
  let goTo: DocumentState['goTo'];
  let state = snapshot();

  function snapshot(): DocumentState {
    return {
      ...reading,
      savedText: saved,
      isChanged: saved !== reading.text || unread.length > 0,
      unread,
      goTo,
      undoLabel: history.done.at(-1)?.label,
      redoLabel: history.undone.at(-1)?.label,
    };
  }
  function change(now: string, past: History): void {
    const before = reading.document;
    history = past;
    reading = read(now, reading);
    unread = stillUnread(unread, reading.document, before);
    publish();
  }
  function publish(): void {
    state = snapshot();
    for (const listener of listeners) listener();
  }

  function leaveUnread(address: Path, now?: Omit<Unread, 'address'>): void {
    const others = unread.filter((each) => !isWithin(each.address, address));
    if (!now && others.length === unread.length) return;
    unread = now ? [...others, { ...now, address, handler: handlerOf(reading.document, address) }] : others;
    publish();
  }

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    edit(label, edit, merge, beside) {
      if (reading.isBroken) return false;
      const now = edit(reading.text);
      if (now === reading.text) return false;
      change(now, record(history, label, reading.text, now, merge, beside));
      return true;
    },
    type(now, merge) {
      if (now !== reading.text) change(now, record(history, 'Typing', reading.text, now, merge));
    },
    did(label, beside) {
      history = recordBeside(history, label, beside);
      publish();
    },
    leaveUnread,
    goToUnread(then) {
      const [first] = unread;
      if (!first) return false;
      const { address } = first;
      goTo = {
        address,
        arrived(isThere) {
          if (!isThere) leaveUnread(address);
          then(isThere ? first : undefined);
        },
      };
      publish();
      return true;
    },
    undo() {
      const before = undo(history, reading.text);
      if (before) change(before.text, before.history);
    },
    redo() {
      const after = redo(history, reading.text);
      if (after) change(after.text, after.history);
    },
    saved(now = reading.text) {
      saved = now;
      publish();
    },
  };
}
