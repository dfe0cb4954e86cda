import type { References, Scope } from '../expressions/scope.ts';
import type { Definition, ExecutionState } from '../machine/index.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';

/** What is the same for all expressions of an execution. */
export type ExecutionScope = Omit<Scope, 'steps' | 'item' | 'index' | 'output'>;

/** What is in scope at one place only. */
export type LocalScope = Pick<Scope, 'item' | 'index' | 'output'>;

/**
 * Builds what expressions see. Steps are shown as they are needed: a template that reads one step of
 * ten thousand must not cost ten thousand.
 */
export class ScopeBuilder {
  readonly #definition: Definition;
  readonly #state: ExecutionState;
  readonly #base: ExecutionScope;
  /** Views of settled steps, by position; settled steps do not change. */
  readonly #views: JsonObject[] = [];

  constructor(definition: Definition, state: ExecutionState, base: ExecutionScope) {
    this.#definition = definition;
    this.#state = state;
    this.#base = base;
  }

  /**
   * @param reader - position of the step that reads; undefined for the output of the workflow, which may read all
   * @param self - true when the step may read itself, as its compensation does
   */
  build(references: References, reader: number | undefined, self: boolean, local: LocalScope): Scope {
    const steps: Record<string, JsonValue> = Object.create(null) as Record<string, JsonValue>;
    if (references.dynamicSteps) {
      for (const position of this.#readable(reader, self)) {
        steps[this.#definition.steps[position]!.id] = this.#view(position);
      }
    } else {
      for (const id of references.steps) {
        const position = this.#definition.positions.get(id);
        if (position !== undefined) steps[id] = this.#view(position);
      }
    }
    return { ...this.#base, ...local, steps };
  }

  #view(position: number): JsonObject {
    const known = this.#views[position];
    if (known) return known;
    const { status, output, error, port } = this.#state.steps[position]!;
    const view: Record<string, JsonValue> = { status, output: output ?? null };
    if (error) view.error = error as unknown as JsonObject;
    if (port !== undefined) view.port = port;
    Object.freeze(view);
    if (status !== 'pending' && status !== 'running' && status !== 'waiting') this.#views[position] = view;
    return view;
  }

  /** Everything upstream of a step. */
  #readable(reader: number | undefined, self: boolean): Iterable<number> {
    const { steps } = this.#definition;
    if (reader === undefined) return steps.keys();
    const found = new Set<number>();
    const open = steps[reader]!.edges.map((edge) => edge.from);
    while (open.length > 0) {
      const position = open.pop()!;
      if (found.has(position)) continue;
      found.add(position);
      for (const edge of steps[position]!.edges) open.push(edge.from);
    }
    if (self) found.add(reader);
    return found;
  }
}
