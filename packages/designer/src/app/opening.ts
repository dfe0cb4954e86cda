import type { Backend, Role } from '../backend.ts';
import { connectTo } from '../backends/connect.ts';
import type { Server } from '../backends/server.ts';
import { getRoute, type Route } from './route.ts';

/** Kept for as long as the tab is open: a key is not left behind on a machine that others use. */
const kept = 'vwmp.key';

/** A connection that the server has been asked to allow. */
export interface Opening {
  readonly backend: Backend;
  readonly server: Server;
  readonly withKey: boolean;
  /** What we may do. Is rejected when the server does not let us in, or does not answer. */
  readonly allowed: Promise<Role | undefined>;
  /** Asks for another key when the server does not let this one in any more; `ask` is missing until that can be shown. */
  readonly refusal: { ask?: (() => Promise<string>) | undefined };
}

/** Of the folder that the page is in: something before the server may have put all of it below a path. */
const url = new URL('.', location.href).href;

/** Connects to the server that the page comes from. @param key - that of an earlier sign-in when it is missing */
export function openSession(key: string | undefined = sessionStorage.getItem(kept) ?? undefined): Opening {
  const refusal: Opening['refusal'] = {};
  const { backend, server } = connectTo({ url, ...(key !== undefined && { key }) }, () => refusal.ask?.());
  const allowed = quiet(backend.readRole!());
  return { backend: askAhead(backend, getRoute()), server, withKey: key !== undefined, allowed, refusal };
}

/** What may be done with a key. Is rejected when the server does not let it in. */
export function checkKey(key: string): Promise<Role | undefined> {
  return connectTo({ url, key }).backend.readRole!();
}

export function keepKey(key: string): void {
  sessionStorage.setItem(kept, key);
}

export function forgetKey(): void {
  sessionStorage.removeItem(kept);
}

/** Begins to ask for what the page at an address shows first, while the scripts that show it are on their way. */
function askAhead(backend: Backend, { path: [page, id], query }: Route): Backend {
  if (page !== 'workflows' || id === undefined) return backend;
  const workflow = once(backend.readWorkflow(id));
  const readWorkflow: Backend['readWorkflow'] = (wanted) =>
    (wanted === id ? workflow() : undefined) ?? backend.readWorkflow(wanted);
  // The other views of a workflow show neither handlers nor types.
  if (query.has('view')) return { ...backend, readWorkflow };
  const types = once(backend.listWorkflowTypes());
  // The backend itself remembers them.
  void quiet(backend.listHandlers());
  return { ...backend, readWorkflow, listWorkflowTypes: () => types() ?? backend.listWorkflowTypes() };
}

/** Gives an answer to the first who wants it: what is asked later is to be as new as it can be. */
function once<T>(answer: Promise<T>): () => Promise<T> | undefined {
  let left: Promise<T> | undefined = quiet(answer);
  return () => {
    const given = left;
    left = undefined;
    return given;
  };
}

/** Failures are told of where the answer is wanted. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
