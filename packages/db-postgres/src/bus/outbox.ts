import { ConnectionLost } from '../connection/connection.ts';
import { texts } from '../connection/values.ts';
import type { Link } from './link.ts';
import { pack } from './packet.ts';

export interface OutboxOptions {
  link: Link;
  channel: string;
  /** Of the packets: nobody else has it. */
  sender: string;
  /** Told when something is lost, once until something gets through again. */
  onLoss(error: unknown): void;
}

/** What is on its way to other processes. It is bounded: while nothing gets through, the oldest goes first. */
export interface Outbox {
  add(item: string): void;
  isEmpty(): boolean;
  /** There is a connection again. */
  resume(): void;
  /** Resolves when nothing is being sent. */
  settled(): Promise<void>;
}

const most = { items: 10_000, bytes: 8 * 1024 * 1024 };
/** So many items go in one transaction. */
const together = 500;

export function createOutbox({ link, channel, sender, onLoss }: OutboxOptions): Outbox {
  let items: string[] = [];
  let bytes = 0;
  let sending: Promise<void> | undefined;
  let packets = 0;
  let losing = false;

  const lose = (error: unknown): void => {
    if (!losing) onLoss(error);
    losing = true;
  };

  const drop = (count: number): string[] => {
    const dropped = items.slice(0, count);
    items = items.slice(count);
    for (const item of dropped) bytes -= item.length;
    return dropped;
  };

  const send = async (): Promise<void> => {
    // All that is published in this turn of the loop goes together.
    await new Promise((resolve) => setImmediate(resolve));
    while (items.length > 0) {
      try {
        await link.connect();
      } catch {
        // The link tries again by itself, and tells when it has succeeded.
        return;
      }
      const batch = drop(together);
      const values = [channel, texts(pack(batch, sender, () => ++packets))];
      const text = 'select pg_notify($1, packet) from unnest($2::text[]) as packet';
      try {
        await link.run([{ name: 'notify', text, values }]);
        losing = false;
      } catch (error) {
        if (error instanceof ConnectionLost && !error.sent) {
          items = [...batch, ...items];
          for (const item of batch) bytes += item.length;
        } else lose(error); // It may have arrived, and nothing arrives twice.
      }
    }
  };

  const resume = (): void => {
    if (items.length === 0) return;
    sending ??= send().finally(() => {
      sending = undefined;
      // What came while the last words were said.
      if (link.isUp) resume();
    });
  };

  return {
    add(item) {
      items.push(item);
      bytes += item.length;
      if (items.length > most.items || bytes > most.bytes) {
        drop(Math.ceil(items.length / 10));
        lose(new Error('More is published than gets through.'));
      }
      resume();
    },
    isEmpty: () => items.length === 0,
    resume,
    async settled() {
      while (sending !== undefined) await sending;
    },
  };
}
