/** Where a message goes. Resolves when Redis has it. */
export type Send = (channel: string, message: string) => Promise<unknown>;

export interface OutboxOptions {
  /** Distinguishes who sends: whoever sends something gets it back. */
  readonly sender: string;
  readonly send: Send;
  readonly isUp: () => boolean;
  /** So many items wait at most; of more the oldest go. */
  readonly limit: number;
}

/** What waits may not take more characters than this. */
const most = 8 * 1024 * 1024;
/** One message has about so many characters at most. */
const messageSize = 512 * 1024;

interface Item {
  channel: string;
  /** As JSON. */
  text: string;
}

/**
 * What is on its way to other processes. All that is added in one turn of the event loop, and all that comes while a message is on its
 * way, goes together. What was sent and not confirmed is not sent again: nothing arrives twice.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #items: Item[] = [];
  #size = 0;
  #sending: Promise<void> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  add(channel: string, text: string): void {
    this.#items.push({ channel, text });
    this.#size += text.length;
    const { limit } = this.#options;
    // A tenth at once: dropping one by one would copy all the others each time.
    if (this.#items.length > limit || this.#size > most) this.#take(Math.ceil(this.#items.length / 10));
    this.resume();
  }

  /** Sends what waits, if Redis is there. */
  resume(): void {
    if (this.#sending || this.#items.length === 0 || !this.#options.isUp()) return;
    this.#sending = this.#send().finally(() => {
      this.#sending = undefined;
      this.resume();
    });
  }

  /** Resolves when nothing is on its way. */
  async settled(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending;
  }

  async #send(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const { sender, send, isUp } = this.#options;
    if (!isUp()) return;
    let size = 0;
    let count = 0;
    while (count < this.#items.length && size < messageSize) size += this.#items[count++]!.text.length;
    const byChannel = Map.groupBy(this.#take(count), ({ channel }) => channel);
    const messages = [...byChannel].map(([channel, items]) =>
      send(channel, `["${sender}",${items.map(({ text }) => text).join(',')}]`),
    );
    await Promise.allSettled(messages);
  }

  #take(count: number): Item[] {
    const taken = this.#items.slice(0, count);
    this.#items = this.#items.slice(count);
    for (const { text } of taken) this.#size -= text.length;
    return taken;
  }
}

/** The items of a message, unless this sender has sent it; none when it is not one of ours. */
export function readMessage(message: string, sender: string): unknown[] {
  if (message.startsWith(`["${sender}",`)) return [];
  try {
    const [, ...items] = JSON.parse(message) as unknown[];
    return items;
  } catch {
    return [];
  }
}
