// Executions in the page itself: to try the designer without a server, and to embed it into another product.
import {
  type EngineOptions,
  type Execution,
  type ExecutionEvent,
  type JsonObject,
  type JsonSchema,
  VwmpError,
  WorkflowEngine,
} from '@vwmp/core';
import { documentDefaults } from '@vwmp/core/language';
import type {
  Backend,
  ExecutionQuery,
  ExecutionSummary,
  ExecutionWatcher,
  HandlerDescription,
  LogEntry,
  Page,
  PageQuery,
  StoredWorkflow,
} from '../backend.ts';
import { RunHistories, type RunHistory } from '../watch/attempts.ts';

export interface PageBackendOptions extends Pick<EngineOptions, 'plugins' | 'secrets' | 'env'> {
  /** YAML or JSON texts that are there from the beginning. */
  documents?: readonly string[];
  /** How many executions are remembered. @defaultValue 200 */
  remembered?: number;
}

interface Run {
  text: string;
  parameters: JsonObject;
  events: ExecutionEvent[];
  /** Throws until it has started. */
  snapshot: () => Execution;
  watchers: Set<ExecutionWatcher>;
}

/** Makes a backend whose workflows and executions live in the page. */
export function createPageBackend(options: PageBackendOptions = {}): Backend {
  const { documents = [], remembered = 200, ...rest } = options;
  const runs = new Map<string, Run>();
  /** Newest first. */
  const versions = new Map<string, StoredWorkflow[]>();
  const engine = new WorkflowEngine(rest);
  engine.attach({
    onEvent(event) {
      const run = runs.get(event.execution_id);
      run?.events.push(event);
      for (const watcher of run?.watchers ?? []) watcher.onEvent(event);
    },
  });

  const current = (id: string): StoredWorkflow => {
    const stored = versions.get(id)?.[0];
    if (stored) return stored;
    throw new VwmpError('NOT_FOUND', `There is no workflow "${id}".`, { retryable: false });
  };

  const checkRev = (id: string, based: string): void => {
    const { rev } = current(id);
    if (rev === based) return;
    const message = `The workflow "${id}" was changed meanwhile.`;
    throw new VwmpError('REV_CONFLICT', message, { retryable: false, details: { rev } });
  };

  const store = async (id: string, text: string): Promise<StoredWorkflow> => {
    const { document, id: own } = await engine.load(text);
    if (own !== id) {
      const message = `The document says that its id is "${own}", but it was to be saved as "${id}".`;
      throw new VwmpError('DOCUMENT_INVALID', message, { retryable: false });
    }
    const known = versions.get(id) ?? [];
    const { name = id, type, version } = { ...documentDefaults, ...document };
    const rev = String(known.length + 1);
    const stored: StoredWorkflow = {
      id,
      text,
      rev,
      name,
      type,
      version,
      updated_at: new Date().toISOString(),
    };
    versions.set(id, [stored, ...known]);
    await engine.add(text);
    return stored;
  };

  const ready = (async () => {
    for (const text of documents) {
      await store((await engine.load(text)).id, text);
    }
  })();
  ready.catch(() => {});

  const find = (id: string): Run => {
    const run = runs.get(id);
    if (run) return run;
    throw new VwmpError('EXECUTION_NOT_FOUND', `There is no execution "${id}".`, { retryable: false });
  };

  const start = async (text: string, parameters: JsonObject): Promise<string> => {
    const id = crypto.randomUUID();
    const run: Run = {
      ...{ text, parameters, events: [], watchers: new Set() },
      snapshot: () => {
        throw new VwmpError('EXECUTION_NOT_FOUND', `The execution "${id}" has not started.`);
      },
    };
    runs.set(id, run);
    try {
      const handle = await engine.startWorkflow(text, parameters, { id });
      run.snapshot = () => handle.snapshot();
    } catch (error) {
      runs.delete(id);
      throw error;
    }
    for (const [old, { snapshot }] of runs) {
      if (runs.size <= remembered) break;
      if (snapshot().completed_at !== undefined) runs.delete(old);
    }
    return id;
  };

  return {
    inPage: true,
    async listWorkflows({ q = '', type, ...page } = {}) {
      await ready;
      const all = [...versions.values()].map(([newest]) => newest!);
      const wanted = all.filter(
        (each) =>
          (type === undefined || each.type === type) &&
          `${each.id} ${each.name}`.toLowerCase().includes(q.toLowerCase()),
      );
      return pageOf(
        wanted.sort((a, b) => a.id.localeCompare(b.id)),
        page,
      );
    },
    async readWorkflow(id) {
      await ready;
      return current(id);
    },
    async saveWorkflow(id, text, rev) {
      await ready;
      if (rev !== undefined) checkRev(id, rev);
      else if (versions.has(id))
        throw new VwmpError('ALREADY_EXISTS', `There is a workflow "${id}" already.`, { retryable: false });
      return store(id, text);
    },
    async deleteWorkflow(id, rev) {
      checkRev(id, rev);
      versions.delete(id);
    },
    async listVersions(id, query = {}) {
      current(id);
      return pageOf(versions.get(id)!, query);
    },
    async readVersion(id, rev) {
      current(id);
      const found = versions.get(id)!.find((each) => each.rev === rev);
      if (found) return found;
      throw new VwmpError('NOT_FOUND', `The workflow "${id}" has no version "${rev}".`, { retryable: false });
    },
    async listHandlers() {
      return [...engine.plugins.handlers()].map((path): HandlerDescription => {
        const { config, title, description, category, icon, output, ports } =
          engine.plugins.handler(path)!.handler;
        const named = { title, category, icon, output: output as JsonSchema | undefined, ports };
        const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
        return { path, description, config: config as JsonSchema, ...given };
      });
    },
    async listWorkflowTypes() {
      return [...engine.plugins.types()].map((name) => engine.plugins.workflowType(name)!);
    },
    async execute(workflowId, parameters, { text } = {}) {
      await ready;
      return start(text ?? current(workflowId).text, parameters);
    },
    async listExecutions(query = {}) {
      const all = [...runs.values()].map((run) => summaryOf(run.snapshot())).reverse();
      return pageOf(
        all.filter((each) => matches(each, query)),
        query,
      );
    },
    async readExecution(id) {
      return find(id).snapshot();
    },
    async readExecutionDocument(id) {
      return find(id).text;
    },
    async readLogs(id, query = {}) {
      const logs = find(id).events.filter((event) => event.event === 'log');
      return pageOf(logs as LogEntry[], query);
    },
    watchExecution(id, after, watcher) {
      const run = runs.get(id);
      if (!run) return () => {};
      let watching = true;
      // Afterwards, so that the caller has what this returns.
      queueMicrotask(() => {
        if (!watching) return;
        for (const event of [...run.events]) if (event.seq > after) watcher.onEvent(event);
        run.watchers.add(watcher);
      });
      return () => {
        watching = false;
        run.watchers.delete(watcher);
      };
    },
    async cancelExecution(id, { gentle } = {}) {
      const undoes = find(id).events.some(({ event }) => event.startsWith('compensation_'));
      if (!gentle || !undoes) await engine.cancel(id);
    },
    async retryExecution(id, { text } = {}) {
      const before = find(id);
      return start(text ?? before.text, before.parameters);
    },
    signalExecution: (id, signal, payload, { key } = {}) =>
      engine.signal(id, signal, payload, { idempotencyKey: key }),
    async decideApproval(id, step, decision, asked) {
      const isOpen = ({ spans }: RunHistory): boolean => {
        const last = spans.at(-1);
        return last?.kind === 'wait' && last.to === undefined && last.seq === asked;
      };
      if (asked !== undefined && !new RunHistories().read(find(id).events).some(isOpen)) {
        const message = `Step "${step}" of execution "${id}" does not wait for that answer any more.`;
        throw new VwmpError('STEP_NOT_WAITING', message, { retryable: false });
      }
      await engine.decideApproval(id, step, decision);
    },
  };
}

function summaryOf(execution: Execution): ExecutionSummary {
  const { id, workflow_id, workflow_version, status, started_at, completed_at, error } = execution;
  return {
    ...{ id, workflow_id, workflow_version, status, started_at },
    ...(completed_at !== undefined && { completed_at }),
    ...(error && { error }),
  };
}

function matches(summary: ExecutionSummary, { workflow, status, since, until, q }: ExecutionQuery): boolean {
  if (workflow !== undefined && summary.workflow_id !== workflow) return false;
  if (status && status.length > 0 && !status.includes(summary.status)) return false;
  if (since !== undefined && summary.started_at < since) return false;
  if (until !== undefined && summary.started_at >= until) return false;
  const text = `${summary.id} ${summary.workflow_id} ${summary.error?.message ?? ''}`.toLowerCase();
  return q === undefined || text.includes(q.toLowerCase());
}

function pageOf<T>(all: readonly T[], { limit = 50, cursor = '0' }: PageQuery): Page<T> {
  const from = Number(cursor);
  const results = all.slice(from, from + limit);
  const next = from + limit < all.length ? { next_cursor: String(from + limit) } : {};
  return { results, count: all.length, ...next };
}
