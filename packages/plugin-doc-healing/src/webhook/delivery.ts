import { VwmpError } from '@vwmp/core';

/** What a push or pull request is about. */
export interface Delivery {
  /** owner/name of what was pushed to, or is asked to pull. */
  readonly repository: string;
  /** Without `refs/heads/`. Undefined for that of a fork, which the repository does not have. */
  readonly branch: string | undefined;
  /** True when the commits are those of a fork. */
  readonly fork: boolean;
  /** Undefined for a branch that is new. */
  readonly before: string | undefined;
  readonly after: string;
  /** Of a pull request. */
  readonly number?: number;
}

/** Why nothing is done. */
export interface Ignored {
  readonly reason: string;
}

const actions = new Set(['opened', 'synchronize', 'reopened', 'ready_for_review', 'edited']);

/**
 * Reads a delivery of GitHub.
 *
 * @throws DOC_PAYLOAD_INVALID when it is not what its event says
 */
export function readDelivery(event: string, payload: unknown): Delivery | Ignored {
  if (event === 'push') return readPush(payload);
  if (event === 'pull_request') return readPullRequest(payload);
  return { reason: `The event "${event.slice(0, 50)}" changes no files.` };
}

function readPush(payload: unknown): Delivery | Ignored {
  const ref = text(payload, 'ref');
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  if (branch === undefined) return { reason: 'Something other than a branch was pushed.' };
  const after = sha(payload, 'after');
  if (get(payload, 'deleted') === true || /^0+$/.test(after))
    return { reason: `The branch ${branch} was deleted.` };
  const before = sha(payload, 'before');
  return {
    repository: repositoryName(payload, 'repository'),
    branch,
    fork: false,
    before: /^0+$/.test(before) ? undefined : before,
    after,
  };
}

function readPullRequest(payload: unknown): Delivery | Ignored {
  const action = text(payload, 'action');
  if (!actions.has(action)) return { reason: `The action "${action.slice(0, 50)}" changes no files.` };
  const number = get(payload, 'number') ?? get(payload, 'pull_request', 'number');
  if (!Number.isInteger(number)) throw invalid('number', 'no number');
  const repository = repositoryName(payload, 'repository');
  const branch = text(payload, 'pull_request', 'head', 'ref');
  // A fork that was deleted since is null.
  const fork = get(payload, 'pull_request', 'head', 'repo', 'full_name') !== repository;
  return {
    ...{ repository, fork },
    branch: fork ? undefined : branch,
    before: sha(payload, 'pull_request', 'base', 'sha'),
    after: sha(payload, 'pull_request', 'head', 'sha'),
    number: number as number,
  };
}

function get(from: unknown, ...path: readonly string[]): unknown {
  let value = from;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function text(from: unknown, ...path: readonly string[]): string {
  const value = get(from, ...path);
  if (typeof value !== 'string' || value === '' || value.length > 1000 || /\p{Cc}/u.test(value))
    throw invalid(path.join('.'), 'no text');
  return value;
}

function sha(from: unknown, ...path: readonly string[]): string {
  const value = text(from, ...path);
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)) throw invalid(path.join('.'), 'no commit');
  return value;
}

function repositoryName(from: unknown, ...path: readonly string[]): string {
  const value = text(from, ...path, 'full_name');
  if (!/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/.test(value))
    throw invalid(`${path.join('.')}.full_name`, 'no repository');
  return value;
}

function invalid(field: string, what: string): VwmpError {
  const message = `The delivery has ${what} in "${field}", which those of GitHub have. Is the payload the body of the delivery?`;
  return new VwmpError('DOC_PAYLOAD_INVALID', message, { retryable: false, details: { field } });
}
