import type { ExecutionEvent } from '@vwmp/core';
import { type Item, unpack } from './packet.ts';

export interface InboxOptions {
  /** Whether anybody watches this execution. */
  isWatched(executionId: string): boolean;
  deliver(event: ExecutionEvent): void;
  wake(worker: string, executionId: string): void;
  /** Somebody in another process has begun to watch. */
  heard(): void;
  /** Reads a recorded event; undefined when that is not possible. */
  read(executionId: string, seq: number): Promise<ExecutionEvent | undefined>;
}

/** What has come from other processes. It is delivered in order, also when something has to be read first. */
export interface Inbox {
  add(packet: string): void;
  /** Resolves when nothing is being read. */
  settled(): Promise<void>;
}

/** So many packets wait at most while something is read; of more the oldest go. */
const most = 10_000;

export function createInbox({ isWatched, deliver, wake, heard, read }: InboxOptions): Inbox {
  let waiting: Item[][] = [];
  let working: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    for (let items = waiting.shift(); items; items = waiting.shift()) {
      for (const item of items) {
        if (!Array.isArray(item)) deliver(item as ExecutionEvent);
        else if (item[0] === 1) wake(String(item[1]), String(item[2]));
        else if (item[0] === 2) heard();
        else if (isWatched(String(item[1]))) {
          const event = await read(String(item[1]), Number(item[2]));
          if (event) deliver(event);
        }
      }
    }
  };

  const start = (): void => {
    working = work().finally(() => {
      working = undefined;
      // What came after the last look.
      if (waiting.length > 0) start();
    });
  };

  return {
    add(packet) {
      waiting.push(unpack(packet));
      if (waiting.length > most) waiting = waiting.slice(most / 10);
      if (working === undefined) start();
    },
    async settled() {
      while (working !== undefined) await working;
    },
  };
}
