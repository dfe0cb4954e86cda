import { setTimeout as wait } from 'node:timers/promises';
import { type Asker, askForMaster } from './ask.ts';
import type { Address } from './read-sentinels.ts';

/** Whoever is connected to the master. */
export interface Follower {
  follow(master: Address): void;
}

/** So long it waits before it listens to the next sentinel, and before it asks the same one for a sign of life, in milliseconds. */
const pause = 1000;
/** So long that one may be silent when it is asked, in milliseconds. */
const silence = 2000;
const channel = '+switch-master';

/**
 * Listens to one of the sentinels, as long as someone is connected: they announce a new master at once, and demote the old one only
 * after some 10 s, in which it takes what gets lost then.
 */
export class SwitchWatch {
  readonly #asker: Asker;
  readonly #followers = new Set<Follower>();
  #listening: AbortController | undefined;

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  join(follower: Follower): void {
    this.#followers.add(follower);
    if (this.#listening) return;
    this.#listening = new AbortController();
    void this.#listen(this.#listening.signal);
  }

  leave(follower: Follower): void {
    this.#followers.delete(follower);
    if (this.#followers.size > 0) return;
    this.#listening?.abort();
    this.#listening = undefined;
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { addresses, masterName } = this.#asker.sentinels;
    for (let turn = 0; !signal.aborted; turn++) {
      const address = addresses[turn % addresses.length]!;
      const client = this.#asker.client(address, silence);
      const ended = new Promise<void>((resolve) => client.once('end', resolve));
      const leave = (): void => client.disconnect();
      signal.addEventListener('abort', leave);
      client.on('error', () => {});
      client.on('message', (_channel: string, message: string) => {
        const [name, , , host, port] = message.split(' ');
        if (name === masterName && host !== undefined) this.#tell({ host, port: Number(port) });
      });
      let pulse: NodeJS.Timeout | undefined;
      try {
        await client.subscribe(channel);
        // What was announced before is known to it by now.
        this.#tell(await askForMaster(this.#asker, address, signal, silence));
        // One that hangs announces nothing. To subscribe again needs no permission besides, as PING would.
        pulse = setInterval(() => client.subscribe(channel).catch(leave), pause).unref();
      } catch {
        leave();
      }
      await ended;
      clearInterval(pulse);
      signal.removeEventListener('abort', leave);
      await wait(pause, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  #tell(master: Address): void {
    this.#asker.sentinels.master = master;
    for (const follower of [...this.#followers]) follower.follow(master);
  }
}
