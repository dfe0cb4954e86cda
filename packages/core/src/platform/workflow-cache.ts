import { loadWorkflow } from '../engine/load.ts';
import type { Workflow } from '../engine/workflow.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { PluginRegistry } from '../plugin/registry.ts';

/** How many compiled workflows are kept. */
const most = 100;

/** Keeps the workflows that were compiled last, as most executions are of a few workflows. */
export class WorkflowCache {
  readonly #plugins: PluginRegistry;
  /** By text, the one that was used last at the end. */
  readonly #byText = new Map<string, Promise<Workflow>>();
  /** Stores give the same object for the same document again and again; making a text of it each time would cost more. */
  readonly #byDocument = new WeakMap<WorkflowDocument, Promise<Workflow>>();

  constructor(plugins: PluginRegistry) {
    this.#plugins = plugins;
  }

  /** @throws DOCUMENT_INVALID */
  get(source: string | WorkflowDocument): Promise<Workflow> {
    if (typeof source === 'string') return this.#byKey(source, source);
    const known = this.#byDocument.get(source);
    if (known) return known;
    const workflow = this.#byKey(JSON.stringify(source), source);
    // What is not frozen may be changed by whoever gave it.
    if (Object.isFrozen(source)) this.#byDocument.set(source, workflow);
    return workflow;
  }

  #byKey(key: string, source: string | WorkflowDocument): Promise<Workflow> {
    const known = this.#byText.get(key);
    // Only where some will have to go it matters which one was used last.
    if (known && this.#byText.size < most) return known;
    if (known) this.#byText.delete(key);
    const workflow = known ?? loadWorkflow(source, this.#plugins);
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
