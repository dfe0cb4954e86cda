import { type JsonSchema, VwmpError } from '@vwmp/core';
import { checkConfig } from '@vwmp/core/language';
import { timestamp, toUtc } from '../schemas/common.ts';

/** What a socket is for. */
export type SocketRoute =
  | { kind: 'execution'; executionId: string; after: number }
  | { kind: 'execute'; workflowId: string }
  | { kind: 'workflow'; workflowId: string; after: ReadonlyMap<string, number>; since: string | undefined };

const base = /^\/ws\/vwmp\/(executions|workflows)\/([^/]{1,1000})(\/execute)?\/?$/;

/**
 * Reads the address of a socket.
 *
 * @returns undefined when there is none like that
 * @throws REQUEST_INVALID for what stands in the query
 */
export function readSocketRoute(address: string): SocketRoute | undefined {
  let path: string;
  let query: URLSearchParams;
  let id: string;
  try {
    const url = new URL(address, 'ws://localhost');
    [path, query] = [url.pathname, url.searchParams];
    id = decodeURIComponent(base.exec(path)?.[2] ?? '');
  } catch {
    return undefined;
  }
  const [, kind, , execute] = base.exec(path) ?? [];
  if (id === '' || kind === undefined) return undefined;
  if (kind === 'executions') {
    if (execute) return undefined;
    checkNames(query, ['after']);
    return { kind: 'execution', executionId: id, after: readAfter(query.getAll('after')) };
  }
  checkNames(query, execute ? [] : ['after', 'since']);
  if (execute) return { kind: 'execute', workflowId: id };
  return {
    kind: 'workflow',
    workflowId: id,
    after: readPositions(query),
    since: readSince(query.getAll('since')),
  };
}

/** Whoever writes `from` for `after` would get everything once more. @throws REQUEST_INVALID */
function checkNames(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (known.includes(name)) continue;
    const list = known.length === 0 ? 'none' : known.map((each) => `"${each}"`).join(', ');
    throw invalid(`There is no query parameter "${name.slice(0, 50)}" here. There are: ${list}.`);
  }
}

/** @throws REQUEST_INVALID */
function readAfter([text, ...more]: readonly string[]): number {
  if (more.length > 0) throw severalTimes('after', more.length + 1);
  if (text === undefined || text === '') return 0;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalid(`"after" is the number of the last event that you have, and not "${text.slice(0, 50)}".`);
}

/** `after=ID:SEQ`, several separated by commas or given several times. */
function readPositions(query: URLSearchParams): Map<string, number> {
  const positions = new Map<string, number>();
  for (const entry of query.getAll('after').flatMap((text) => text.split(','))) {
    if (entry === '') continue;
    const [, id, seq] = /^(.+):(\d{1,15})$/.exec(entry) ?? [];
    if (id === undefined)
      throw invalid(`"after" is a list of EXECUTION:SEQ, and not "${entry.slice(0, 50)}".`);
    positions.set(id, Number(seq));
  }
  return positions;
}

/** @throws REQUEST_INVALID */
function readSince([text, ...more]: readonly string[]): string | undefined {
  if (more.length > 0) throw severalTimes('since', more.length + 1);
  if (text === undefined || text === '') return undefined;
  if (checkConfig(timestamp as JsonSchema, text, 'since').length === 0) return toUtc(text);
  throw invalid(`"since" is a time such as 2026-01-31T12:00:00Z, and not "${text.slice(0, 50)}".`);
}

function severalTimes(name: string, times: number): VwmpError {
  return invalid(`"${name}" stands ${times} times; it may stand once.`);
}

export function invalid(message: string): VwmpError {
  return new VwmpError('REQUEST_INVALID', message, { retryable: false });
}
