import type { JsonValue } from '@vwmp/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addStep,
  connect,
  copySteps,
  disconnect,
  duplicateSteps,
  insertItem,
  pasteSteps,
  removeSteps,
  renameStep,
  setField,
} from './edits.ts';
import { read } from './read.ts';
import { createDocumentStore } from './store.ts';
import { sampleDocuments } from './testing/documents.ts';
import { changedLines } from './testing/lines.ts';
import { dependenciesOf, freeId, idsOf, isObject, type Path, readEdge, stepOf, stepsOf } from './value.ts';

const documents = sampleDocuments().filter(({ text }) => {
  const { isBroken, document } = read(text);
  return !isBroken && idsOf(document).length > 0;
});

test('there are documents to try', () => {
  expect(documents.length).toBeGreaterThan(50);
});

/** Lines that may go besides: aliases of what is changed, which are written out so that their places keep their values. */
function slack(text: string): number {
  return text.split('\n').filter((line) => /[:\s,[]\*[A-Za-z_]/.test(line.replace(/\s#.*$/, ''))).length;
}

type Choose = (count: number) => number;

/** One edit as the canvas makes it, and the most lines that may go by it. */
function makeEdit(
  text: string,
  kind: number,
  choose: Choose,
): { edit: (text: string) => string; most: number } {
  const { document } = read(text);
  const ids = idsOf(document);
  const pick = (): string => ids[choose(ids.length)]!;
  const id = pick();
  const other = pick();
  const readers = (name: string): number => text.split('\n').filter((line) => line.includes(name)).length;
  switch (kind) {
    case 0:
      return {
        edit: (now) =>
          addStep(now, { handler: 'core.set', after: [{ step: id }], config: { value: 1 } }).text,
        most: 1,
      };
    case 1:
      return { edit: (now) => renameStep(now, id, freeId('renamed', ids)), most: readers(id) };
    case 2:
      return { edit: (now) => duplicateSteps(now, [id, other]).text, most: 1 };
    case 3:
      return { edit: (now) => connect(now, { step: id, port: 'error' }, other), most: 1 };
    case 4: {
      const edges = dependenciesOf(stepOf(document, id));
      const edge = edges[choose(Math.max(1, edges.length))];
      return { edit: (now) => (edge ? disconnect(now, readEdge(edge), id) : now), most: 1 };
    }
    case 5: {
      const [path, lines] = scalarIn(document, text, id, choose);
      return { edit: (now) => setField(now, path, 'changed by hand'), most: lines };
    }
    case 6:
      return { edit: (now) => setField(now, ['steps', ids.indexOf(id), 'timeout'], '20s'), most: 1 };
    case 7:
      return {
        edit: (now) => insertItem(now, ['parameters'], 0, { name: 'fresh', type: 'string' }),
        most: 1,
      };
    case 8:
      return { edit: (now) => pasteSteps(now, copySteps(now, [id, other])).text, most: 1 };
    default: {
      const lines = text.split('\n').length;
      return { edit: (now) => removeSteps(now, [id]), most: lines };
    }
  }
}

/** A text in the config of a step that stands on one line, or the name of the step. */
function scalarIn(document: JsonValue, text: string, id: string, choose: Choose): [Path, number] {
  const at = stepsOf(document).findIndex((step) => isObject(step) && step.id === id);
  const found: Path[] = [];
  const walk = (value: JsonValue | undefined, path: Path): void => {
    if (typeof value === 'string' && !value.includes('\n') && text.includes(value)) found.push(path);
    else if (Array.isArray(value))
      (value as JsonValue[]).forEach((each, index) => void walk(each, [...path, index]));
    else if (isObject(value)) for (const [key, each] of Object.entries(value)) walk(each, [...path, key]);
  };
  walk(stepOf(document, id)?.config, ['steps', at, 'config']);
  return [found[choose(Math.max(1, found.length))] ?? ['steps', at, 'name'], 1];
}

const edits = fc.array(
  fc.record({ kind: fc.nat(9), choices: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }) }),
  {
    minLength: 1,
    maxLength: 5,
  },
);

function chooser(choices: readonly number[]): Choose {
  let at = 0;
  return (count) => choices[at++ % choices.length]! % Math.max(1, count);
}

test('any edit followed by its undo gives the identical text, and its redo the other one', () => {
  fc.assert(
    fc.property(fc.constantFrom(...documents), edits, ({ text }, steps) => {
      const store = createDocumentStore(text, text);
      const texts = [text];
      for (const { kind, choices } of steps) {
        const before = store.getState().text;
        if (idsOf(store.getState().document).length === 0) break;
        const { edit } = makeEdit(before, kind, chooser(choices));
        if (store.edit('Edit', edit)) texts.push(store.getState().text);
        expect(store.getState().isBroken).toBe(false);
      }
      expect(store.getState().text).toBe(texts.at(-1));
      for (const expected of texts.slice(0, -1).reverse()) {
        store.undo();
        expect(store.getState().text).toBe(expected);
      }
      expect(store.getState().isChanged).toBe(false);
      for (const expected of texts.slice(1)) {
        store.redo();
        expect(store.getState().text).toBe(expected);
      }
    }),
    { numRuns: 150 },
  );
});

test('an edit changes no more lines than it needs to', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...documents),
      fc.nat(8),
      fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
      ({ text }, kind, choices) => {
        const { edit, most } = makeEdit(text, kind, chooser(choices));
        const { removed } = changedLines(text, edit(text));
        expect(removed).toBeLessThanOrEqual(most + slack(text));
      },
    ),
    { numRuns: 300 },
  );
});

test('removing a step leaves every line that is not about it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...documents), fc.nat(), ({ text }, choice) => {
      const { document } = read(text);
      const ids = idsOf(document);
      const id = ids[choice % ids.length]!;
      const after = removeSteps(text, [id]);
      const users = stepsOf(document).filter((step) =>
        dependenciesOf(step).some((edge) => readEdge(edge).step === id),
      ).length;
      // What comes is a line of dependencies written anew, or the last step of a list that is empty then.
      expect(changedLines(text, after).added).toBeLessThanOrEqual(users + 1);
      expect(idsOf(read(after).document)).toEqual(ids.filter((each) => each !== id));
    }),
    { numRuns: 150 },
  );
});
