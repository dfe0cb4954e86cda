// Everything over the API of a server.
import { type ClientOptions, createClient, hasCode } from '@vwmp/api/client';
import type { Backend, ExecutionSummary, HandlerDescription, StoredWorkflow } from '../backend.ts';
import type { HttpBackendOptions } from './http.ts';
import type { Server } from './server.ts';

/**
 * Connects to a server: a backend, and what else the server can do.
 *
 * @param askKey - called when the server wants another key: what it refused waits for that, and is asked again
 */
export function connectTo(
  { url = location.origin, key }: HttpBackendOptions = {},
  askKey?: () => Promise<string> | undefined,
): {
  backend: Backend;
  server: Server;
} {
  const options: ClientOptions = {
    url,
    ...(key !== undefined && { key }),
    async fetch(address, init) {
      const sent = options.key;
      const answer = await fetch(address, init);
      if (answer.status !== 401 || !(await changeKey(sent))) return answer;
      const headers = { ...init.headers, authorization: `Bearer ${options.key}` };
      return await fetch(address, { ...init, headers });
    },
  };
  /** @returns whether there is another key than the one that was refused */
  const changeKey = async (refused: string | undefined): Promise<boolean> => {
    if (options.key === refused) {
      const next = await askKey?.();
      if (next !== undefined) options.key = next;
    }
    return options.key !== refused;
  };
  const client = createClient(options);
  const server: Server = client;
  /** They change when the server is started again, which reloads nothing: a page that is opened later sees them. */
  let handlers: Promise<readonly HandlerDescription[]> | undefined;

  const readHandlers = async (): Promise<readonly HandlerDescription[]> => {
    const { results } = await server.listHandlers({ include: 'schemas' });
    return results.map(({ path, name, description, category, icon, ports, config = {}, output }) => ({
      ...{ path, title: name, description, category, config },
      ...(icon !== undefined && { icon }),
      ...(output !== undefined && { output }),
      ...(ports && { ports }),
    }));
  };

  const backend: Backend = {
    inPage: false,
    async readRole() {
      try {
        return (await server.readCaller()).role;
      } catch (error) {
        if (wantsKey(error)) throw error;
        // Something before the server may keep that from everyone.
        await server.listWorkflows({ limit: 1 });
        return undefined;
      }
    },
    listWorkflows: async (query = {}) => {
      const { results, ...rest } = await server.listWorkflows(query);
      return { ...rest, results: results.map((each): StoredWorkflow => ({ ...each, text: '' })) };
    },
    readWorkflow: (workflow_id) => server.readWorkflow({ workflow_id }),
    saveWorkflow: (workflow_id, text, rev) =>
      rev === undefined
        ? server.createWorkflow({ body: text })
        : server.replaceWorkflow({ workflow_id, body: text, if_match: rev }),
    deleteWorkflow: async (workflow_id, rev) => {
      await server.deleteWorkflow({ workflow_id, if_match: rev });
    },
    listVersions: async (workflow_id, query = {}) => {
      const { results, ...rest } = await server.listVersions({ workflow_id, ...query });
      return { ...rest, results: results.map((each): StoredWorkflow => ({ ...each, text: '' })) };
    },
    readVersion: (workflow_id, rev) => server.readVersion({ workflow_id, rev }),
    listHandlers: () => {
      handlers ??= readHandlers().catch((error: unknown) => {
        handlers = undefined;
        throw error;
      });
      return handlers;
    },
    listWorkflowTypes: async () => (await server.listWorkflowTypes({})).results,
    listSecretNames: async () => (await server.listSecrets({})).results.map(({ name }) => name),
    execute: async (workflow_id, parameters, { text, key: idempotency_key } = {}) => {
      const once = idempotency_key === undefined ? {} : { idempotency_key };
      const started =
        text === undefined
          ? await server.executeWorkflow({ workflow_id, body: { parameters }, ...once })
          : await server.startExecution({ body: { workflow: text, parameters }, ...once });
      return 'execution_id' in started ? started.execution_id : started.id;
    },
    listExecutions: async ({ workflow, since, until, ...query } = {}) => {
      const page = await server.listExecutions({
        ...query,
        ...(workflow !== undefined && { workflow_id: workflow }),
        ...(since !== undefined && { started_after: since }),
        ...(until !== undefined && { started_before: until }),
      });
      return page as typeof page & { results: ExecutionSummary[] };
    },
    readExecution: (execution_id) => server.readExecution({ execution_id }),
    readExecutionDocument: async (execution_id) => {
      return JSON.stringify(await server.readExecutionDocument({ execution_id }));
    },
    readLogs: (execution_id, query = {}) => server.listLogs({ execution_id, ...query }),
    watchExecution: (id, after, watcher) => {
      const end = new AbortController();
      let lost = false;
      let known = after;
      const follow = async (): Promise<void> => {
        const { key } = options;
        try {
          const events = client.follow(id, {
            after: known,
            signal: end.signal,
            onConnect: () => {
              if (lost) watcher.onConnection?.(true);
              lost = false;
            },
            onReconnect: () => {
              lost = true;
              watcher.onConnection?.(false);
            },
          });
          for await (const event of events) {
            if (end.signal.aborted) return;
            known = Math.max(known, event.seq);
            watcher.onEvent(event);
          }
        } catch (error) {
          if (end.signal.aborted) return;
          if (wantsKey(error) && (await changeKey(key))) return await follow();
          watcher.onEnd?.(error);
        }
      };
      void follow();
      return () => end.abort();
    },
    cancelExecution: async (execution_id, { gentle } = {}) => {
      await server.cancelExecution({ execution_id, ...(gentle && { body: { gentle } }) });
    },
    retryExecution: async (execution_id, { from, text, key: idempotency_key } = {}) => {
      const body = { ...(from !== undefined && { from }), ...(text !== undefined && { workflow: text }) };
      const started = await server.retryExecution({
        ...{ execution_id, body },
        ...(idempotency_key !== undefined && { idempotency_key }),
      });
      return started.execution_id;
    },
    signalExecution: async (execution_id, name, payload, { key: idempotency_key } = {}) => {
      await server.sendSignal({
        ...{ execution_id, name, body: { payload } },
        ...(idempotency_key !== undefined && { idempotency_key }),
      });
    },
    decideApproval: async (execution_id, step, decision, asked) => {
      const body = { ...decision, ...(asked !== undefined && { asked }) };
      await server.decideApproval({ execution_id, step, body });
    },
  };
  return { backend, server };
}

/** True for an error that says that the server wants a key, or another one. */
export function wantsKey(error: unknown): boolean {
  return hasCode(error, 'API_KEY_MISSING') || hasCode(error, 'API_KEY_INVALID');
}
