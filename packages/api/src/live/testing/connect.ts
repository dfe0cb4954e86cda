import type { ExecutionEvent } from '@vwmp/core';
import { type ClientOptions, WebSocket } from 'ws';

/** One connection, from its beginning to its end. */
export interface Connection {
  readonly ws: WebSocket;
  /** What came, read as JSON. */
  readonly messages: Record<string, unknown>[];
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Resolves when so many messages have come that the condition holds; rejects when it is closed before. */
  until(condition: (messages: Record<string, unknown>[]) => boolean): Promise<void>;
}

/** @param path - from the slash on */
export function connect(
  port: number,
  path: string,
  options: ClientOptions & { protocols?: string[]; first?: unknown } = {},
): Connection {
  const { protocols = [], first, ...rest } = options;
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, rest);
  const messages: Record<string, unknown>[] = [];
  const looks = new Set<() => void>();
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  // What went wrong shows in the close code.
  ws.on('error', () => undefined);
  ws.on('message', (data) => {
    messages.push(JSON.parse(data.toString()) as Record<string, unknown>);
    for (const look of looks) look();
  });
  if (first !== undefined) ws.once('open', () => ws.send(JSON.stringify(first)));
  return {
    ...{ ws, messages, closed },
    async until(condition) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const look = (): void => {
        if (condition(messages)) resolve();
      };
      looks.add(look);
      look();
      void closed.then(({ code, reason }) => reject(new Error(`It was closed: ${code} ${reason}`)));
      await promise.finally(() => looks.delete(look));
    },
  };
}

/** Follows an execution to its end, as a client does that is cut off: it comes back after the last event that it has. */
export async function followToEnd(
  port: number | (() => number),
  executionId: string,
): Promise<{ events: ExecutionEvent[]; connections: number }> {
  const events: ExecutionEvent[] = [];
  for (let connections = 1; ; connections++) {
    const after = events.at(-1)?.seq ?? 0;
    const path = `/ws/vwmp/executions/${executionId}?after=${after}`;
    const connection = connect(typeof port === 'number' ? port : port(), path);
    const { code } = await connection.closed;
    events.push(...(connection.messages as unknown as ExecutionEvent[]));
    if (code === 1000) return { events, connections };
    if (code !== 1006 && code !== 1001 && code !== 4408) throw new Error(`It was closed with ${code}.`);
  }
}
