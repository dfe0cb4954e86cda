import type { JsonObject } from '@vwmp/core';
import { type Added, type Beside, closesCircle, type DocumentStore, idsOf } from '../document/index.ts';
import { type Handlers, makeGraph, markSteps, noMarks } from '../graph/index.ts';
import {
  type Arrangement,
  keepArrangement,
  loadArrangement,
  moveSteps,
  renameInArrangement,
  tidy,
} from '../layout/index.ts';
import type { Change, Editor, EditorOptions, EditorState, Edits } from './editor.ts';
import { keepUnchanged } from './keep-unchanged.ts';
import { createPlacing } from './placing.ts';
import { sameSet, withoutUnknown } from './sets.ts';
import { shared } from './shared.ts';

/** How long the document stays as it is before it is checked, in milliseconds. */
const pause = 120;

/** How long the last execution is taken to be still the last one, in milliseconds. */
const newFor = 10_000;

/** Of the editor in which a document is now: what is undone may have been done in one before it. */
const arrangers = new WeakMap<DocumentStore, (arrangement: Arrangement) => void>();

/** How an edit is told of and undone. */
interface How {
  /** Edits with the same key that follow each other are undone as one. */
  merge?: string;
  /** Where the label does not say enough. */
  said?: string;
  beside?: Beside;
}

/** Makes the state of an editor. It lives as long as the document is open. */
export function createEditor(options: EditorOptions): Editor {
  const { document, keeper, workflowId, check, readOnly } = options;
  const handlers: Handlers = new Map(options.handlers.map((handler) => [handler.path, handler]));
  const types = options.types.map(({ name }) => name);
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const place = createPlacing(options.layOut);

  let state: EditorState = {
    document: document.getState(),
    graph: { nodes: [], edges: [], groups: [] },
    arrangement: loadArrangement(keeper, workflowId),
    positions: new Map(),
    routes: new Map(),
    selected: new Set(),
    selectedEdges: new Set(),
    marks: noMarks,
    announcement: { text: '', count: 0 },
    refusal: undefined,
  };
  follow();
  const leave = document.subscribe(follow);

  arrangers.set(document, arrange);

  function update(change: Partial<EditorState>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  }

  /** Takes over what the document has become. */
  function follow(): void {
    const now = document.getState();
    const before = state.document.goTo;
    const isNew = now.document !== state.document.document || state.graph.nodes.length === 0;
    const graph = isNew ? keepUnchanged(state.graph, makeGraph(now.document, handlers)) : state.graph;
    const ids = new Set(graph.nodes.map(({ id }) => id));
    const edges = new Set(graph.edges.map(({ id }) => id));
    update({
      document: now,
      graph,
      ...place(graph, state.arrangement),
      selected: withoutUnknown(state.selected, ids),
      selectedEdges: withoutUnknown(state.selectedEdges, edges),
    });
    clearTimeout(timer);
    timer = setTimeout(() => void checkNow(), pause);
    if (now.goTo !== before) select(now.goTo?.address[0] === 'steps' ? [String(now.goTo.address[1])] : []);
  }

  async function checkNow(): Promise<void> {
    const checked = state.document;
    const problems = await check(checked, handlers, types).catch(notChecked);
    if (!problems || state.document.text !== checked.text) return;
    update({
      marks: markSteps(
        problems,
        state.graph.nodes.map(({ id }) => id),
      ),
    });
  }

  function notChecked(error: unknown): undefined {
    refuse(`The document is not checked. ${error instanceof Error ? error.message : String(error)}`);
  }

  function arrange(arrangement: Arrangement): void {
    keepArrangement(keeper, workflowId, arrangement);
    update({ arrangement, ...place(state.graph, arrangement) });
  }

  /** What undo does to the arrangement. */
  function besideText(before: Arrangement, after: Arrangement): Beside {
    const now = (arrangement: Arrangement) => (): void => arrangers.get(document)?.(arrangement);
    return { undo: now(before), redo: now(after) };
  }

  /** Edits, and says what was done or why it was not. */
  function edit(label: string, change: Change, { merge, said = label, beside }: How = {}): boolean {
    if (readOnly !== undefined) {
      refuse(readOnly);
      return false;
    }
    const edits = options.edits();
    if (!edits) {
      refuse('The editor is still loading. Try again soon.');
      return false;
    }
    if (state.document.isBroken) {
      refuse('The text has a mistake. Mend it first.');
      return false;
    }
    try {
      const done = document.edit(label, (text) => change(text, edits), merge, beside);
      if (done && merge === undefined) announce(said);
      if (state.refusal !== undefined) update({ refusal: undefined });
      return done;
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  function insert(label: string, make: (text: string, edits: Edits) => Added): readonly string[] {
    let ids: readonly string[] = [];
    const done = edit(label, (text, edits) => {
      const added = make(text, edits);
      ids = added.ids;
      return added.text;
    });
    if (!done) return [];
    select(ids);
    announce(`${label}: ${ids.join(', ')}`);
    return ids;
  }

  function refuse(text: string): void {
    update({ refusal: text, announcement: { text, count: state.announcement.count + 1 } });
  }
  function announce(text: string): void {
    update({ announcement: { text, count: state.announcement.count + 1 } });
  }
  function select(ids: Iterable<string>, edges: Iterable<string> = []): void {
    const [selected, selectedEdges] = [new Set(ids), new Set(edges)];
    if (sameSet(selected, state.selected) && sameSet(selectedEdges, state.selectedEdges)) return;
    update({ selected, selectedEdges });
  }
  const count = (ids: readonly string[]): string =>
    ids.length === 1 ? `step ${ids[0]}` : `${ids.length} steps`;

  return {
    handlers,
    types: options.types,
    document,
    readOnly,
    lastExecution: shared(options.lastExecution ?? (async () => undefined), newFor),
    // Who may not see them names them all the same.
    secretNames: shared(async () => (await options.secretNames?.().catch(() => [])) ?? []),
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    select,
    announce,
    refuse,
    add(step, position) {
      const [id] = insert('Add step', (text, { addStep }) => addStep(text, step));
      if (id !== undefined && position) arrange(moveSteps(state.arrangement, { [id]: position }));
      return id;
    },
    remove(ids, edges = []) {
      const steps = [...ids];
      const links = state.graph.edges.filter(({ id }) => new Set(edges).has(id));
      if (steps.length + links.length === 0) return;
      const what =
        steps.length > 0 ? count(steps) : links.length === 1 ? 'connection' : `${links.length} connections`;
      edit(`Delete ${what}`, (text, { disconnect, removeSteps }) => {
        const without = links.reduce(
          (now, { from, to, port }) => disconnect(now, { step: from, port }, to),
          text,
        );
        return removeSteps(without, steps);
      });
    },
    duplicate(ids) {
      const steps = [...ids];
      if (steps.length > 0) insert('Duplicate', (text, { duplicateSteps }) => duplicateSteps(text, steps));
    },
    rename(from, to) {
      // The place and the selection go along, so they have to be ready before the graph changes.
      const before = state.arrangement;
      const after = renameInArrangement(before, from, to);
      const selected = state.selected.has(from)
        ? [...state.selected].map((id) => (id === from ? to : id))
        : undefined;
      if (
        !edit('Rename step', (text, { renameStep }) => renameStep(text, from, to), {
          said: `Renamed ${from} to ${to}`,
          beside: besideText(before, after),
        })
      )
        return false;
      if (after !== before) arrange(after);
      if (selected) select(selected);
      return true;
    },
    connect(from, to) {
      if (closesCircle(state.document.document, from.step, to)) {
        refuse(`${to} can't depend on ${from.step}: they would wait for each other.`);
        return false;
      }
      return edit('Connect', (text, { connect }) => connect(text, from, to), {
        said: `Connected ${from.step} to ${to}`,
      });
    },
    reconnect(old, now) {
      if (closesCircle(state.document.document, now.from.step, now.to))
        refuse(`${now.to} can't depend on ${now.from.step}: they would wait for each other.`);
      else edit('Reconnect', (text, { reconnect }) => reconnect(text, old, now));
    },
    disconnect(from, to) {
      edit('Disconnect', (text, { disconnect }) => disconnect(text, from, to), {
        said: `Disconnected ${from.step} from ${to}`,
      });
    },
    set(path, value, label = `Change ${String(path.at(-1))}`) {
      edit(label, (text, { setField }) => setField(text, path, value), { merge: path.join('.') });
    },
    change: (label, change) => edit(label, change),
    useTemplate(name) {
      const templates = options.types.flatMap((type) => type.templates ?? []);
      const found = templates.find((each) => each.name === name);
      if (!found) return;
      const template = JSON.parse(JSON.stringify(found.document)) as JsonObject;
      if (state.graph.nodes.length > 0)
        insert(`Add ${name}`, (text, { insertTemplate }) => insertTemplate(text, template));
      else edit(`Begin with ${name}`, (text, { fillFromTemplate }) => fillFromTemplate(text, template));
    },
    renameParameter(index, to) {
      edit('Rename parameter', (text, edits) => edits.renameParameter(text, index, to), {
        merge: `parameters.${index}.name`,
      });
    },
    copy(ids) {
      const wanted = new Set(ids);
      const order = idsOf(state.document.document).filter((id) => wanted.has(id));
      if (order.length > 0) announce(`Copied ${count(order)}`);
      return options.edits()?.copySteps(state.document.good.text, order) ?? '';
    },
    paste(clipboard) {
      return insert('Paste', (text, { pasteSteps }) => pasteSteps(text, clipboard)).length > 0;
    },
    move(moved) {
      const before = state.arrangement;
      const after = moveSteps(before, moved);
      arrange(after);
      document.did('Move', besideText(before, after));
    },
    layOut(direction) {
      const before = state.arrangement;
      const after = tidy(before, direction);
      arrange(after);
      document.did('Arrange', besideText(before, after));
      announce('Arranged');
    },
    undo() {
      const label = state.document.undoLabel;
      if (label === undefined) return;
      document.undo();
      announce(`Undone: ${label}`);
    },
    redo() {
      const label = state.document.redoLabel;
      if (label === undefined) return;
      document.redo();
      announce(`Done again: ${label}`);
    },
    dismissRefusal: () => update({ refusal: undefined }),
    dispose() {
      clearTimeout(timer);
      leave();
      listeners.clear();
    },
  };
}
