import type { Execution, JsonObject, JsonValue, Problem } from '@vwmp/core';
import type { HandlerDescription, WorkflowTypeDescription } from '../backend.ts';
import {
  type Added,
  closesCircle,
  type DocumentState,
  type DocumentStore,
  idsOf,
  type NewStep,
  type Origin,
  type Path,
  positionOf,
} from '../document/index.ts';
import { type Graph, type Handlers, type Marks, makeGraph, markSteps, noMarks } from '../graph/index.ts';
import {
  type Arrangement,
  type Direction,
  type Keeper,
  keepArrangement,
  type LayOut,
  type Layout,
  loadArrangement,
  moveSteps,
  type Position,
  renameInArrangement,
  tidy,
} from '../layout/index.ts';
import { keepUnchanged } from './keep-unchanged.ts';

/** Everything that the editor shows. */
export interface EditorState {
  readonly document: DocumentState;
  readonly graph: Graph;
  readonly arrangement: Arrangement;
  /** Of every node. */
  readonly positions: ReadonlyMap<string, Position>;
  /** By `from→to`: where long edges pass. */
  readonly routes: ReadonlyMap<string, readonly Position[]>;
  /** Ids of steps. */
  readonly selected: ReadonlySet<string>;
  /** Ids of edges. */
  readonly selectedEdges: ReadonlySet<string>;
  readonly marks: Marks;
  /** What a screen reader says; the count makes the same text news again. */
  readonly announcement: { readonly text: string; readonly count: number };
  /** What went wrong with the last thing that was tried, for people. */
  readonly refusal: string | undefined;
}

/** What changes a text: see document/edits.ts. */
export type Edits = typeof import('../document/edits.ts');

export interface EditorOptions {
  document: DocumentStore;
  /** Undefined as long as they are being loaded: until then one can look only. */
  edits: () => Edits | undefined;
  handlers: readonly HandlerDescription[];
  types: readonly WorkflowTypeDescription[];
  /** Under which the arrangement is kept. */
  workflowId: string;
  keeper: Keeper;
  /** Places the steps. */
  layOut: LayOut;
  /** What is read for previews of expressions. */
  lastExecution?: () => Promise<Execution | undefined>;
  /** Names of the secrets that are there. */
  secretNames?: () => Promise<readonly string[]>;
  /** Checks the document; brings its own code when it is first called. */
  check(document: DocumentState, handlers: Handlers, types: readonly string[]): Promise<readonly Problem[]>;
}

/** What someone can do in the editor, whichever way: canvas, outline, palette, shortcut. */
export interface Editor {
  readonly handlers: Handlers;
  readonly types: readonly WorkflowTypeDescription[];
  readonly document: DocumentStore;
  /** The last execution of the workflow; undefined where there is none, or none to be read. */
  readonly lastExecution: () => Promise<Execution | undefined>;
  /** Names of the secrets that are there; none where that cannot be known. Asked once. */
  readonly secretNames: () => Promise<readonly string[]>;
  getState(): EditorState;
  subscribe(listener: () => void): () => void;
  select(ids: Iterable<string>, edges?: Iterable<string>): void;
  add(step: NewStep, position?: Position): string | undefined;
  remove(ids: Iterable<string>, edges?: Iterable<string>): void;
  duplicate(ids: Iterable<string>): void;
  rename(from: string, to: string): boolean;
  connect(from: Origin, to: string): boolean;
  reconnect(old: { from: Origin; to: string }, now: { from: Origin; to: string }): void;
  disconnect(from: Origin, to: string): void;
  /** Sets a field of the document, or takes it away. @param path - `steps` is followed by a position */
  set(path: Path, value: JsonValue | undefined, label?: string): void;
  /** Any other change of the text. @returns whether the text was changed */
  change(label: string, change: Change): boolean;
  /** Begins with a template where there is no step yet, else adds its steps. */
  useTemplate(name: string): void;
  renameParameter(index: number, to: string): void;
  /** The steps as text for the clipboard. */
  copy(ids: Iterable<string>): string;
  /** @returns whether there was something to paste */
  paste(clipboard: string): boolean;
  move(moved: Readonly<Record<string, Position>>): void;
  layOut(direction?: Direction): void;
  undo(): void;
  redo(): void;
  announce(text: string): void;
  dismissRefusal(): void;
  dispose(): void;
}

/** Makes another text of one. */
export type Change = (text: string, edits: Edits) => string;

/** How long the document stays as it is before it is checked, in milliseconds. */
const pause = 120;

/** Makes the state of an editor. It lives as long as the document is open. */
export function createEditor(options: EditorOptions): Editor {
  let secrets: Promise<readonly string[]> | undefined;
  const { document, keeper, workflowId, check } = options;
  const handlers: Handlers = new Map(options.handlers.map((handler) => [handler.path, handler]));
  const types = options.types.map(({ name }) => name);
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let layout: Layout = { positions: new Map(), routes: new Map() };
  let shape = '';

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

  function update(change: Partial<EditorState>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  }

  /** Takes over what the document has become. */
  function follow(): void {
    const now = document.getState();
    const isNew = now.document !== state.document.document || state.graph.nodes.length === 0;
    const graph = isNew ? keepUnchanged(state.graph, makeGraph(now.document, handlers)) : state.graph;
    const ids = new Set(graph.nodes.map(({ id }) => id));
    const edges = new Set(graph.edges.map(({ id }) => id));
    update({
      document: now,
      graph,
      ...place(graph, state.arrangement),
      selected: keep(state.selected, ids),
      selectedEdges: keep(state.selectedEdges, edges),
    });
    clearTimeout(timer);
    timer = setTimeout(() => void checkNow(), pause);
  }

  async function checkNow(): Promise<void> {
    const checked = state.document;
    const problems = await check(checked, handlers, types);
    if (state.document.text !== checked.text) return;
    update({
      marks: markSteps(
        problems,
        state.graph.nodes.map(({ id }) => id),
      ),
    });
  }

  function place(graph: Graph, { direction, moved }: Arrangement): Pick<EditorState, 'positions' | 'routes'> {
    const now = `${direction}\n${graph.nodes.map(({ id }) => id).join()}\n${graph.edges.map(({ id }) => id).join()}`;
    if (now !== shape) layout = options.layOut(graph.nodes, graph.edges, direction);
    shape = now;
    const { positions, routes } = layout;
    return {
      positions: new Map(graph.nodes.map(({ id }) => [id, moved[id] ?? positions.get(id) ?? { x: 0, y: 0 }])),
      // What was moved by hand has edges that run straight.
      routes: new Map([...routes].filter(([id]) => !id.split('→').some((end) => moved[end]))),
    };
  }

  function arrange(arrangement: Arrangement): void {
    keepArrangement(keeper, workflowId, arrangement);
    update({ arrangement, ...place(state.graph, arrangement) });
  }

  /** Edits, and says what was done or why it was not. */
  function edit(label: string, change: Change, merge?: string, said = label): boolean {
    const edits = options.edits();
    if (!edits) {
      refuse('The editor is still being loaded. Try again in a moment.');
      return false;
    }
    if (state.document.isBroken) {
      refuse('The text has a mistake. Mend it first; the canvas shows what it was before.');
      return false;
    }
    try {
      const done = document.edit(label, (text) => change(text, edits), merge);
      if (done && merge === undefined) announce(said);
      if (state.refusal !== undefined) update({ refusal: undefined });
      return done;
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  function insert(label: string, make: (text: string, edits: Edits) => Added | undefined): readonly string[] {
    let ids: readonly string[] = [];
    const done = edit(label, (text, edits) => {
      const added = make(text, edits);
      if (!added) return text;
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
    lastExecution: options.lastExecution ?? (async () => undefined),
    secretNames() {
      // Who may not see them names them all the same.
      secrets ??= (options.secretNames?.() ?? Promise.resolve([])).catch(() => []);
      return secrets;
    },
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    select,
    announce,
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
        !edit(
          'Rename step',
          (text, { renameStep }) => renameStep(text, from, to),
          undefined,
          `Renamed ${from} to ${to}`,
        )
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
      return edit(
        'Connect',
        (text, { connect }) => connect(text, from, to),
        undefined,
        `Connected ${from.step} to ${to}`,
      );
    },
    reconnect(old, now) {
      if (closesCircle(state.document.document, now.from.step, now.to))
        refuse(`${now.to} can't depend on ${now.from.step}: they would wait for each other.`);
      else edit('Reconnect', (text, { reconnect }) => reconnect(text, old, now));
    },
    disconnect(from, to) {
      edit(
        'Disconnect',
        (text, { disconnect }) => disconnect(text, from, to),
        undefined,
        `Disconnected ${from.step} from ${to}`,
      );
    },
    set(path, value, label = `Change ${String(path.at(-1))}`) {
      edit(label, (text, { setField }) => setField(text, path, value), path.join('.'));
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
      edit(
        'Rename parameter',
        (text, edits) => edits.renameParameter(text, index, to),
        `parameters.${index}.name`,
      );
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
      document.did('Move', { undo: () => arrange(before), redo: () => arrange(after) });
    },
    layOut(direction) {
      const before = state.arrangement;
      const after = tidy(before, direction);
      arrange(after);
      document.did('Arrange', { undo: () => arrange(before), redo: () => arrange(after) });
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

function keep(selected: ReadonlySet<string>, known: ReadonlySet<string>): ReadonlySet<string> {
  const kept = [...selected].filter((id) => known.has(id));
  return kept.length === selected.size ? selected : new Set(kept);
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((each) => b.has(each));
}

/** Path of a step in the document, by its id on the canvas. */
export function pathOfStep(document: unknown, id: string): Path | undefined {
  const at = id.startsWith('#') ? Number(id.slice(1)) : positionOf(document, id);
  return at >= 0 ? ['steps', at] : undefined;
}
