import { loadWorkflow } from '../engine/load.ts';
import type { Workflow } from '../engine/workflow.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { PluginRegistry } from '../plugin/registry.ts';

/** How many compiled workflows are kept. */
const most = 100;

/** Of a document whose text is looked up, in levels and in characters; one that has more is read anew each time. */
const deepest = 100;
const largest = 16 * 1024 * 1024;

/** Keeps the workflows that were compiled last, as most executions are of a few workflows. */
export class WorkflowCache {
  readonly #plugins: PluginRegistry;
  /** By text, the one that was used last at the end. */
  readonly #byText = new Map<string, Promise<Workflow>>();
  /** Stores give the same object for the same document again and again; making a text of it each time would cost more. */
  readonly #byDocument = new WeakMap<WorkflowDocument, Promise<Workflow>>();

  /** Checked as what somebody has just written. */
  readonly #written = new WeakSet<Promise<Workflow>>();

  constructor(plugins: PluginRegistry) {
    this.#plugins = plugins;
  }

  /**
   * @param written - as for {@link loadWorkflow}: false for what is stored, or under way
   * @throws DOCUMENT_INVALID
   */
  get(source: string | WorkflowDocument, written = false): Promise<Workflow> {
    if (typeof source === 'string') return this.#byKey(source, () => source, written);
    const known = this.#fitting(this.#byDocument.get(source), written);
    if (known !== undefined) return known;
    const kind = look(source);
    // Its text would not say what it is; what is wrong with it is said by whoever reads it.
    if (!kind) return loadWorkflow(source, this.#plugins, written);
    const text = JSON.stringify(source);
    const workflow = this.#byKey(
      text,
      () => (kind === 'frozen' ? source : (JSON.parse(text) as WorkflowDocument)),
      written,
    );
    // What is not frozen may be changed by whoever gave it.
    if (kind === 'frozen') this.#byDocument.set(source, workflow);
    return workflow;
  }

  /** What was checked less is not for whoever writes. */
  #fitting(known: Promise<Workflow> | undefined, written: boolean): Promise<Workflow> | undefined {
    return known !== undefined && (!written || this.#written.has(known)) ? known : undefined;
  }

  #byKey(key: string, source: () => string | WorkflowDocument, written: boolean): Promise<Workflow> {
    const known = this.#fitting(this.#byText.get(key), written);
    // Only where some will have to go it matters which one was used last.
    if (known && this.#byText.size < most) return known;
    this.#byText.delete(key);
    const workflow = known ?? loadWorkflow(source(), this.#plugins, written);
    if (written) this.#written.add(workflow);
    this.#byText.set(key, workflow);
    // One that did not load is not kept: a plugin may be added meanwhile.
    if (!known)
      workflow.then(
        ({ document }) => this.#byDocument.set(document, workflow),
        () => this.#byText.delete(key),
      );
    for (const oldest of this.#byText.keys()) {
      if (this.#byText.size <= most) break;
      this.#byText.delete(oldest);
    }
    return workflow;
  }
}

/** Whether a document is one that its text says all of, and whether it can still be changed; undefined for one that is not. */
function look(document: object): 'frozen' | 'plain' | undefined {
  let left = largest;
  let frozen = true;
  const isPlain = (value: unknown, depth: number): boolean => {
    left -= typeof value === 'string' ? value.length + 1 : 1;
    if (left < 0) return false;
    if (typeof value === 'number') return Number.isFinite(value);
    if (typeof value !== 'object' || value === null)
      return typeof value !== 'function' && typeof value !== 'bigint' && typeof value !== 'symbol';
    if (depth > deepest) return false;
    frozen &&= Object.isFrozen(value);
    if (Array.isArray(value)) {
      for (const item of value) if (!isPlain(item, depth + 1)) return false;
      return true;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null && Object.getPrototypeOf(prototype) !== null)
      return false;
    // A list of the values would take twice as long, and what is inherited is seldom.
    for (const key in value) if (!isPlain((value as Record<string, unknown>)[key], depth + 1)) return false;
    return true;
  };
  if (typeof document !== 'object' || document === null || !isPlain(document, 1)) return undefined;
  return frozen ? 'frozen' : 'plain';
}
