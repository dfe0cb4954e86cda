import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { Redis, RedisOptions } from 'ioredis';
import type { Endpoint } from '../endpoint.ts';
import { type Asker, createAsker, findMaster, nameOf } from './ask.ts';
import type { Address, Sentinels } from './read-sentinels.ts';
import { SwitchWatch } from './switch-watch.ts';

type Emit = (type: 'error', error: Error) => void;

/**
 * Makes what the driver connects with (its "connector"): it asks the sentinels each time, and moves on when they have made another server the
 * master. The one that comes with the driver listens to every sentinel for every connection, waits for ever for one that is
 * silent, and says that none can be reached when they do not know the name.
 */
export function createConnector(
  sentinels: Sentinels,
  endpoint: Endpoint,
  createRedis: (options: RedisOptions) => Redis,
): RedisOptions['Connector'] {
  const asker = createAsker(sentinels, endpoint, createRedis);
  const watch = new SwitchWatch(asker);
  class Connector extends MasterConnector {
    constructor() {
      super(asker, watch, endpoint);
    }
  }
  // It has all that the driver calls.
  return Connector as unknown as RedisOptions['Connector'];
}

class MasterConnector {
  /** Asked by the driver when the stream it was given is closed already. */
  firstError: Error | undefined;
  readonly #asker: Asker;
  readonly #watch: SwitchWatch;
  readonly #endpoint: Endpoint;
  /** The index of the sentinel to begin with: another one each time, as one that its peers have lost knows what was. */
  #turn = 0;
  #attempt = new AbortController();
  #emit: Emit = () => {};
  #stream: Socket | undefined;
  #master: Address | undefined;

  constructor(asker: Asker, watch: SwitchWatch, endpoint: Endpoint) {
    this.#asker = asker;
    this.#watch = watch;
    this.#endpoint = endpoint;
  }

  async connect(emit: Emit): Promise<Socket> {
    this.#emit = emit;
    this.#attempt = new AbortController();
    const { signal } = this.#attempt;
    const { sentinels } = this.#asker;
    let doubt: Error | undefined;
    try {
      sentinels.master = await findMaster(this.#asker, this.#turn++, signal);
    } catch (error) {
      // Nobody says that it is not where it was.
      if (signal.aborted || !sentinels.master) throw error;
      doubt = error as Error;
    }
    signal.throwIfAborted();
    const { tls } = this.#endpoint.redis;
    const { host, port } = sentinels.master;
    const stream = tls ? connectSecurely({ host, port, ...tls }) : connect({ host, port });
    stream.once('error', (error) => {
      if (!doubt) return;
      // Before the driver hears of it.
      const errors = [new Error(error.message), doubt];
      Object.assign(error, { message: `${error.message}, and ${doubt.message}`, errors });
    });
    this.#stream = stream;
    this.#master = sentinels.master;
    this.#watch.join(this);
    return stream;
  }

  /** @param info - what the server says of itself */
  check({ role }: { role?: string }): boolean {
    if (role === undefined || role === 'master') return true;
    const { masterName } = this.#asker.sentinels;
    const place = this.#master ? nameOf(this.#master) : 'it';
    this.#emit('error', new Error(`${place} is a replica, which the sentinels take for "${masterName}"`));
    return false;
  }

  /** The master is there now. */
  follow(master: Address): void {
    if (!this.#master || nameOf(master) === nameOf(this.#master)) return;
    this.#emit('error', new Error(`the sentinels made ${nameOf(master)} the master`));
    this.#end();
  }

  disconnect(): void {
    this.#attempt.abort(new Error('Connection is closed.'));
    this.#watch.leave(this);
    this.#end();
  }

  #end(): void {
    const stream = this.#stream;
    if (!stream || stream.destroyed) return;
    const timer = setTimeout(() => stream.destroy(), 200);
    stream.once('close', () => clearTimeout(timer));
    stream.end();
  }
}
