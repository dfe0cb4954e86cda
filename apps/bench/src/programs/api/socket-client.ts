import { importInstalled } from '../durable/platform.ts';

/** What the process on the other side of the sockets does. */
export interface ClientTask {
  /** Of the API. */
  port: number;
  /** Of the bare server. */
  bare: number;
  clients: number;
  executions: number;
}

export interface ClientReport {
  /** `EXECUTION:SEQ` of each recorded event, and when it was here, in nanoseconds of the clock that processes share. */
  events: [string, string][];
  /** Round trips in milliseconds. */
  raw: number[];
  /** From the moment at which the bare server sent one of many messages until it was here, in milliseconds. */
  burst: number[];
}

interface Socket {
  on(name: string, then: (data: { toString(): string }) => void): void;
  once(name: string, then: () => void): void;
  send(text: string): void;
  close(): void;
}
type Ws = { WebSocket: new (url: string) => Socket };

const announced = new Set(['step_started', 'log', 'progress']);
const { port, bare, clients, executions } = JSON.parse(process.argv[2]!) as ClientTask;
const { WebSocket } = (await importInstalled<{ default: Ws }>('ws')).default;
const events: [string, string][] = [];
const raw: number[] = [];
const burst: number[] = [];
/** About as long as an event. */
const message = JSON.stringify({ event: 'step_completed', seq: 1, output: 'x'.repeat(200) });

function execute(): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/vwmp/workflows/bench/execute`);
  socket.once('open', () => socket.send('{}'));
  socket.on('message', (data) => {
    const now = process.hrtime.bigint();
    const { event, execution_id, seq } = JSON.parse(data.toString()) as Record<string, string>;
    if (!announced.has(event!)) events.push([`${execution_id}:${seq}`, String(now)]);
  });
  return new Promise((resolve) => socket.once('close', resolve));
}

/** What {@link execute} does, of a server that does nothing but send. */
function receiveBurst(): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${bare}`);
  socket.once('open', () => socket.send('{}'));
  socket.on('message', (data) => {
    const now = process.hrtime.bigint();
    const { at, last } = JSON.parse(data.toString()) as { at: string; last: boolean };
    burst.push(Number(now - BigInt(at)) / 1e6);
    if (last) socket.close();
  });
  return new Promise((resolve) => socket.once('close', resolve));
}

async function trips(count: number): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${bare}`);
  await new Promise<void>((resolve) => socket.once('open', resolve));
  let sent = 0n;
  let next = (): void => {};
  socket.on('message', (data) => {
    JSON.parse(data.toString());
    raw.push(Number(process.hrtime.bigint() - sent) / 1e6);
    next();
  });
  for (let n = 0; n < count; n++) {
    await new Promise<void>((resolve) => {
      next = resolve;
      sent = process.hrtime.bigint();
      socket.send(message);
    });
  }
  socket.close();
}

const lanes = (work: () => Promise<void>): Promise<unknown> =>
  Promise.all(Array.from({ length: clients }, work));

/** In turns, so that what the machine does meanwhile falls on both. */
const rounds = 5;
for (let round = 0; round < rounds; round++) {
  await lanes(() => trips(Math.ceil((executions * 22) / clients / rounds)));
  const count = Math.floor(executions / rounds) + (round < executions % rounds ? 1 : 0);
  for (const receive of [receiveBurst, execute]) {
    let left = count;
    await lanes(async () => {
      while (left-- > 0) await receive();
    });
  }
}
process.stdout.write(`${JSON.stringify({ events, raw, burst } satisfies ClientReport)}\n`);
process.exitCode = 0;
