import type { ExecutionEvent } from '@vwmp/core';
import { ClientError, errorOf, invalid } from './call.ts';
import type { ClientOptions } from './index.ts';

/** An event as it is followed. Those that are only announced carry the `seq` of the recorded one before them. */
export type FollowedEvent = ExecutionEvent;

export interface FollowOptions {
  /** Number of the last event that is known. @defaultValue 0 */
  after?: number;
  /** Ends the following; nothing is thrown. */
  signal?: AbortSignal;
  /** Called when the connection is there, also after it was lost. */
  onConnect?(): void;
  /** Called when the connection is lost and another one is tried, with how long that takes, in milliseconds. */
  onReconnect?(delay: number): void;
}

/** In milliseconds: doubled with each try up to the second. */
const delays = [250, 10_000] as const;
/** A socket that has not opened by then, in milliseconds, is given up: a server may leave it unanswered. */
const patience = 10_000;

/** What came: events, and at last how it ended, with 0 when it never began. */
type Arrived = { event: FollowedEvent } | { end: { code: number; error?: ClientError } };

/** Where a connection begins, and who is told that it is there. */
interface Beginning {
  after: number;
  signal: AbortSignal | undefined;
  onConnect(): void;
}

/**
 * Follows by a WebSocket, or by server-sent events where none can be had: the app of a server that mounts the API answers requests only, and
 * there are proxies that let no socket through.
 */
export async function* followExecution(
  options: ClientOptions,
  executionId: string,
  { after = 0, signal, onConnect, onReconnect }: FollowOptions = {},
): AsyncGenerator<FollowedEvent, void, undefined> {
  let position = after;
  let ways = [openSocket, readStream];
  const left = (): boolean => signal?.aborted === true;
  for (let tries = 0; !left(); tries++) {
    if (tries > 0) {
      const delay = Math.min(delays[0] * 2 ** (tries - 1), delays[1]) * (0.5 + Math.random() / 2);
      onReconnect?.(delay);
      await pause(delay, signal);
    }
    let connected = false;
    let unanswered = false;
    const connect = (): void => {
      connected = true;
      // Nobody waits for a socket again where only it is left unanswered.
      if (unanswered) ways = [readStream];
      onConnect?.();
    };
    for (const follow of ways) {
      if (connected || left()) break;
      for await (const arrived of follow(options, executionId, {
        ...{ after: position, signal, onConnect: connect },
      })) {
        if ('event' in arrived) {
          // An announced event carries a number that is known already.
          position = Math.max(position, arrived.event.seq);
          tries = 0;
          yield arrived.event;
          continue;
        }
        const { code, error } = arrived.end;
        unanswered = code === 0;
        if (code === 1000) return;
        if (isFinal(code))
          throw error ?? new ClientError('CONNECTION_REFUSED', `The server closed with ${code}.`);
      }
    }
  }
}

/** 4000 and the status of an error that another try does not help; 4408 says that we were too slow. */
function isFinal(code: number): boolean {
  return code >= 4400 && code < 4500 && code !== 4408 && code !== 4429;
}

async function* openSocket(
  options: ClientOptions,
  executionId: string,
  { after, signal, onConnect }: Beginning,
): AsyncGenerator<Arrived, void, undefined> {
  const Socket = options.WebSocket ?? (globalThis as { WebSocket?: typeof WebSocket }).WebSocket;
  if (!Socket) return;
  const protocols = options.key === undefined ? ['vwmp'] : ['vwmp', `vwmp.key.${options.key}`];
  const socket = new Socket(addressOf(options.url, executionId, after), protocols);
  const waiting: Arrived[] = [];
  let wake = (): void => {};
  let error: ClientError | undefined;
  const push = (arrived: Arrived): void => {
    waiting.push(arrived);
    wake();
  };
  const timer = setTimeout(() => push({ end: { code: 0 } }), patience);
  socket.onopen = () => {
    clearTimeout(timer);
    onConnect();
  };
  socket.onmessage = ({ data }: { data: unknown }) => {
    const message = JSON.parse(String(data)) as FollowedEvent | { error: { code: string; message: string } };
    if ('event' in message) push({ event: message });
    else if ('error' in message && typeof message.error === 'object' && !('seq' in message))
      error = new ClientError(message.error.code, message.error.message, { details: message.error });
  };
  socket.onclose = ({ code }: { code: number }) => push({ end: { code, ...(error && { error }) } });
  socket.onerror = () => {};
  const leave = (): void => socket.close();
  signal?.addEventListener('abort', leave, { once: true });
  try {
    for (;;) {
      const next = waiting.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      yield next;
      if ('end' in next) return;
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', leave);
    socket.close();
  }
}

async function* readStream(
  { url = '', key, fetch: own }: ClientOptions,
  executionId: string,
  { after, signal, onConnect }: Beginning,
): AsyncGenerator<Arrived, void, undefined> {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  signal?.addEventListener('abort', leave, { once: true });
  try {
    const path = `/api/vwmp/executions/${encodeURIComponent(executionId)}/events/?after=${after}`;
    const answer = await (own ?? fetch)(`${url.replace(/\/$/, '')}${path}`, {
      headers: { accept: 'text/event-stream', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
      signal: leaving.signal,
    });
    const { status, body, headers } = answer;
    if (status >= 500) return;
    if (!answer.ok)
      return yield { end: { code: 4000 + status, error: errorOf(answer, await answer.text()) } };
    onConnect();
    if (status === 204) return yield { end: { code: 1000 } };
    if (!body || !headers.get('content-type')?.startsWith('text/event-stream'))
      return yield { end: { code: 4400, error: invalid(answer) } };
    let rest = '';
    const decoder = new TextDecoder();
    for (const reader = body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data === undefined) continue;
        const event = JSON.parse(data) as FollowedEvent;
        yield { event };
        if (event.event === 'workflow_completed') return yield { end: { code: 1000 } };
      }
    }
  } catch {
    // It was interrupted, or the server cannot be reached.
  } finally {
    signal?.removeEventListener('abort', leave);
    leave();
  }
}

function addressOf(url: string | undefined, executionId: string, after: number): string {
  const base = url ?? (globalThis as { location?: { origin: string } }).location?.origin ?? '';
  const path = `/ws/vwmp/executions/${encodeURIComponent(executionId)}`;
  return `${base.replace(/^http/, 'ws').replace(/\/$/, '')}${path}?after=${after}`;
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end, { once: true });
  });
}
