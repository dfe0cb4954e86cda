import type { Redis, RedisOptions } from 'ioredis';
import type { Endpoint } from '../endpoint.ts';
import type { Address, Sentinels } from './read-sentinels.ts';

/** How the sentinels of an endpoint are talked to. */
export interface Asker {
  readonly sentinels: Sentinels;
  /**
   * Makes a client of one of them that has yet to connect.
   *
   * @param limit - milliseconds that it has at most for each answer
   */
  client(address: Address, limit?: number): Redis;
}

export function createAsker(
  sentinels: Sentinels,
  { timeout, redis: { tls } }: Endpoint,
  createRedis: (options: RedisOptions) => Redis,
): Asker {
  const { username, password } = sentinels;
  // Less than those have who wait for the master: what became of it is what they are told.
  const patience = timeout / 2;
  return {
    sentinels,
    client: ({ host, port }, limit = patience) => {
      const time = Math.min(limit, patience);
      return createRedis({
        ...{ host, port, username, password, tls, lazyConnect: true, keepAlive: 10_000 },
        ...{ connectTimeout: time, commandTimeout: time, disconnectTimeout: 200 },
        ...{ retryStrategy: () => null, enableReadyCheck: false, disableClientInfo: true },
        autoResubscribe: false,
      });
    },
  };
}

/** So long one of them may think before the next one is asked, too, in milliseconds. */
const headStart = 250;

/**
 * Asks one after the other where the master is. The first that says so is believed: whether it is one is seen there.
 *
 * @param first - the index of the one to begin with
 * @throws with what each of them said
 */
export async function findMaster(asker: Asker, first: number, signal: AbortSignal): Promise<Address> {
  const { addresses, masterName } = asker.sentinels;
  const order = addresses.map((_, index) => addresses[(first + index) % addresses.length]!);
  const enough = new AbortController();
  const over = AbortSignal.any([signal, enough.signal]);
  const failures: Error[] = [];
  try {
    return await new Promise<Address>((resolve, reject) => {
      let next = 0;
      const askNext = (): void => {
        const address = order[next++];
        if (!address) return;
        const timer = setTimeout(askNext, headStart);
        over.addEventListener('abort', () => clearTimeout(timer));
        askForMaster(asker, address, over).then(resolve, ({ message }: Error) => {
          failures.push(new Error(`${nameOf(address)}: ${message}`));
          clearTimeout(timer);
          askNext();
          if (failures.length < order.length) return;
          const reasons = failures.map((failure) => failure.message).join('; ');
          reject(new AggregateError(failures, `no sentinel tells where "${masterName}" is (${reasons})`));
        });
      };
      askNext();
    });
  } finally {
    enough.abort();
  }
}

/** Asks one of them. @throws when it does not know, or does not answer */
export async function askForMaster(
  asker: Asker,
  address: Address,
  signal: AbortSignal,
  limit?: number,
): Promise<Address> {
  const client = asker.client(address, limit);
  let reason: string | undefined;
  client.on('error', (error: Error) => {
    reason ??= error.message;
  });
  const leave = (): void => client.disconnect();
  signal.addEventListener('abort', leave);
  try {
    signal.throwIfAborted();
    const answer = await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', asker.sentinels.masterName);
    const [host, port] = (answer ?? []) as string[];
    if (host === undefined) throw new Error('it does not know that name');
    return { host, port: Number(port) };
  } catch (error) {
    // Of a connection that failed, the driver only says of the command that it was closed.
    throw new Error((reason ?? (error as Error).message).replace(/\.$/, ''));
  } finally {
    signal.removeEventListener('abort', leave);
    leave();
  }
}

/** For messages. */
export function nameOf({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
