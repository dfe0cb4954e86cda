import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { EventBus, ExecutionEvent } from '@vwmp/core';
import { effectPlugin, importInstalled, openPlatform, type Platform } from '../durable/platform.ts';
import { expect, readTask, report } from '../program.ts';
import type { ClientReport, ClientTask } from './socket-client.ts';

export interface SocketOptions {
  environment: Record<string, string>;
  /** How many start executions and follow them at a time, and how many send messages to and fro. */
  clients: number;
  /** Of all clients together. */
  executions: number;
}

/** 99th percentiles and medians in milliseconds. */
export interface SocketReport {
  /** From the moment at which an event was recorded until another process had it. */
  event: { p50: number; p99: number };
  /** Of a message of the same size to a bare `ws` server and back. */
  raw: { p50: number; p99: number };
  /** One way, of as many such messages as an execution has, sent one after the other by a bare `ws` server. */
  burst: { p50: number; p99: number };
  events: number;
}

interface Api {
  createServer(platform: Platform): { listen(): Promise<{ port: number }>; close(): Promise<void> };
}
interface Ws {
  WebSocketServer: new (options: {
    port: number;
    host: string;
  }) => {
    address(): { port: number };
    on(
      name: 'connection',
      then: (socket: {
        on(name: 'message', then: (data: unknown) => void): void;
        send(data: unknown): void;
      }) => void,
    ): void;
    once(name: 'listening', then: () => void): void;
    close(): void;
  };
}

const steps = 20;
const { core, options } = await readTask<SocketOptions>();
const { createMemoryEventBus } = await importInstalled<{ createMemoryEventBus(): EventBus }>(
  '@vwmp/core/memory',
);
const bus = createMemoryEventBus();
const { publish } = bus;
/** By execution and number. */
const recordedAt = new Map<string, bigint>();
bus.publish = (event: ExecutionEvent) => {
  const key = `${event.execution_id}:${event.seq}`;
  if (!recordedAt.has(key)) recordedAt.set(key, process.hrtime.bigint());
  publish(event);
};
const platform = await openPlatform(
  { ...options.environment, VWMP_API_PORT: '0', VWMP_API_RATE: 'off' },
  {
    plugins: [effectPlugin(core)],
    bus,
  },
);
const document = {
  ...{ id: 'bench', name: 'bench' },
  steps: Array.from({ length: steps }, (_, n) => ({
    ...{ id: `s${n}`, handler: 'bench.echo', config: { value: { order: n, note: 'x'.repeat(60) } } },
    ...(n > 0 && { dependencies: [`s${n - 1}`] }),
  })),
};
const text = JSON.stringify(document);
await platform.workflows.save(
  { id: 'bench', name: 'bench', type: 'generic', version: '0.1.0', text },
  undefined,
);

const { createServer } = await importInstalled<Api>('@vwmp/api');
const server = createServer(platform);
const { port } = await server.listen();
const { WebSocketServer } = (await importInstalled<{ default: Ws }>('ws')).default;
const bare = new WebSocketServer({ port: 0, host: '127.0.0.1' });
bare.on('connection', (socket) =>
  socket.on('message', (data: unknown) => {
    const text = String(data);
    if (text === '{}') sendBurst(socket, steps + 2);
    else socket.send(text);
  }),
);
await new Promise<void>((resolve) => bare.once('listening', resolve));

const task: ClientTask = {
  port,
  bare: bare.address().port,
  clients: options.clients,
  executions: options.executions,
};
const file = fileURLToPath(import.meta.resolve('./socket-client.ts'));
const client = spawn(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', file, JSON.stringify(task)],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
let last = '';
for await (const line of createInterface(client.stdout)) last = line;
const { events, raw, burst } = JSON.parse(last) as ClientReport;

const each = steps + 2;
expect(events.length, options.executions * each, 'recorded events that came');
const latencies = events.map(([key, at]) => Number(BigInt(at) - recordedAt.get(key)!) / 1e6);
bare.close();
await server.close();
await platform.close();
report({
  event: percentiles(latencies),
  raw: percentiles(raw),
  burst: percentiles(burst),
  events: events.length,
} satisfies SocketReport);
process.exit();

/** Each message in a turn of the event loop of its own, as steps end; each says when it was sent. */
function sendBurst(socket: { send(data: unknown): void }, left: number): void {
  if (left === 0) return;
  const output = 'x'.repeat(200);
  socket.send(JSON.stringify({ at: String(process.hrtime.bigint()), last: left === 1, output }));
  setImmediate(sendBurst, socket, left - 1);
}

function percentiles(values: readonly number[]): { p50: number; p99: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)]!;
  return { p50: at(0.5), p99: at(0.99) };
}
