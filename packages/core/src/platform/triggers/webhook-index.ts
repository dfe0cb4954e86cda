import type { Workflow } from '../../engine/workflow.ts';
import type { WebhookTrigger } from '../../model/workflow.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { WorkflowStore } from '../../ports/workflow-store.ts';
import type { WorkflowCache } from '../workflow-cache.ts';

/** A webhook trigger and the workflow that has it. */
export interface WebhookEntry {
  readonly workflow: Workflow;
  readonly trigger: WebhookTrigger;
}

/** Documents are edited by other processes too: so old may the index be, in milliseconds. */
const freshFor = 5000;

/** Knows which webhooks lead to which workflows. */
export class WebhookIndex {
  readonly #workflows: WorkflowStore;
  readonly #cache: WorkflowCache;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #entries: Promise<Map<string, WebhookEntry[]>> | undefined;
  #madeAt = 0;

  constructor(workflows: WorkflowStore, cache: WorkflowCache, clock: Clock, logger: Logger) {
    this.#workflows = workflows;
    this.#cache = cache;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** @param path - below `/webhooks/`, without slashes around it */
  async find(path: string): Promise<readonly WebhookEntry[]> {
    const now = this.#clock.now();
    // Too far away means that the clock was set back.
    if (!this.#entries || Math.abs(now - this.#madeAt) > freshFor) {
      this.#madeAt = now;
      this.#entries = this.#read();
      this.#entries.catch(() => {
        this.#entries = undefined;
      });
    }
    return (await this.#entries).get(path) ?? [];
  }

  /** A document was saved or removed. */
  changed(): void {
    this.#entries = undefined;
  }

  async #read(): Promise<Map<string, WebhookEntry[]>> {
    const entries = new Map<string, WebhookEntry[]>();
    let cursor: string | undefined;
    do {
      const page = await this.#workflows.list({ limit: 500, ...(cursor && { cursor }) });
      for (const { id, text } of page.results) {
        if (!text.includes('webhook')) continue;
        for (const entry of await this.#triggersOf(id, text)) {
          const path = trimPath(entry.trigger.webhook);
          entries.set(path, [...(entries.get(path) ?? []), entry]);
        }
      }
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    return entries;
  }

  async #triggersOf(id: string, text: string): Promise<WebhookEntry[]> {
    try {
      const workflow = await this.#cache.get(text);
      const triggers = workflow.document.triggers ?? [];
      return triggers.flatMap((trigger) => ('webhook' in trigger ? [{ workflow, trigger }] : []));
    } catch (error) {
      this.#logger.log('warn', 'The webhooks of a workflow are left out: its document has problems.', {
        workflow_id: id,
        error: String(error),
      });
      return [];
    }
  }
}

export function trimPath(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
