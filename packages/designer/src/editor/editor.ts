import type { Execution, JsonValue, Problem } from '@vwmp/core';
import type { HandlerDescription, WorkflowTypeDescription } from '../backend.ts';
import type { DocumentState, DocumentStore, NewStep, Origin, Path } from '../document/index.ts';
import type { Graph, Handlers, Marks } from '../graph/index.ts';
import type { Arrangement, Direction, Keeper, LayOut, Position } from '../layout/index.ts';

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
  /** Why nothing can be changed, for people. */
  readOnly?: string | undefined;
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
  /** Why nothing can be changed; undefined where it can. */
  readonly readOnly: string | undefined;
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
  /** Says why something was not done. */
  refuse(text: string): void;
  dismissRefusal(): void;
  dispose(): void;
}

/** Makes another text of one. */
export type Change = (text: string, edits: Edits) => string;
