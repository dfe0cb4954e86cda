import { connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { createCertificate } from './certificate.ts';
import { type RedisServer, startRedisAs } from './redis.ts';

export interface SentinelOptions {
  /** How many there are; most of them have to agree. @defaultValue 1 */
  sentinels?: number;
  /** Of the servers. */
  password?: string;
  sentinelPassword?: string;
  /** All speak nothing but TLS then. */
  tls?: boolean;
  /** How long the master may be away before it is replaced, in milliseconds. @defaultValue 1000 */
  downAfter?: number;
}

/** A master, a replica, and sentinels that replace the master when it is away. */
export interface SentinelServers {
  /** `redis+sentinel:` with all sentinels and passwords. */
  readonly url: string;
  readonly masterName: string;
  /** The one that began as the master comes first. */
  readonly nodes: readonly [RedisServer, RedisServer];
  readonly sentinels: readonly RedisServer[];
  /** The certificate to trust, as PEM; undefined without TLS. */
  readonly ca: string | undefined;
  /** The one that the first sentinel takes for the master. */
  master(): Promise<RedisServer>;
  /** The master and the replica change places, although nothing is wrong. Resolves when the replica has been promoted. */
  failover(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts them, and waits until they know each other. */
export async function startSentinels(options: SentinelOptions = {}): Promise<SentinelServers> {
  const { sentinels: count = 1, password, sentinelPassword, tls = false, downAfter = 1000 } = options;
  const masterName = 'watched';
  const certificate = tls ? createCertificate('127.0.0.1') : undefined;
  const all: RedisServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(all.splice(0).map((server) => server.stop()));
  };
  const start = async (
    isSentinel: boolean,
    own: string | undefined,
    lines: string[],
  ): Promise<RedisServer> => {
    const server = await startRedisAs(
      { isSentinel, certificate, lines },
      { tls, ...(own && { password: own }) },
    );
    all.push(server);
    return server;
  };
  try {
    const shared = [
      'repl-diskless-sync-delay 0',
      ...(password ? [`masterauth ${JSON.stringify(password)}`] : []),
    ];
    const master = await start(false, password, shared);
    const { host, port } = master;
    const replica = await start(false, password, [...shared, `replicaof ${host} ${port}`]);
    await until(async () => (await ask(replica, 'INFO replication')).includes('master_link_status:up'));

    const watching = [
      `sentinel monitor ${masterName} ${host} ${port} ${Math.floor(count / 2) + 1}`,
      `sentinel down-after-milliseconds ${masterName} ${downAfter}`,
      `sentinel failover-timeout ${masterName} 5000`,
      ...(password ? [`sentinel auth-pass ${masterName} ${JSON.stringify(password)}`] : []),
    ];
    const sentinels = await Promise.all(
      Array.from({ length: count }, () => start(true, sentinelPassword, watching)),
    );
    for (const sentinel of sentinels) {
      await until(async () => {
        const known = await ask(sentinel, `SENTINEL MASTER ${masterName}`);
        return numberOf(known, 'num-slaves') === 1 && numberOf(known, 'num-other-sentinels') === count - 1;
      });
    }
    const findMaster = async (): Promise<RedisServer> => {
      const answer = await ask(sentinels[0]!, `SENTINEL GET-MASTER-ADDR-BY-NAME ${masterName}`);
      const found = Number(/\r\n(\d+)\r\n/.exec(answer.slice(answer.indexOf(host)))?.[1]);
      return found === replica.port ? replica : master;
    };
    const user = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
    const list = sentinels.map((each) => `${each.host}:${each.port}`).join(',');
    const query =
      sentinelPassword === undefined ? '' : `?sentinel_password=${encodeURIComponent(sentinelPassword)}`;
    return {
      url: `${tls ? 'rediss' : 'redis'}+sentinel://${user}${list}/${masterName}${query}`,
      ...{ masterName, nodes: [master, replica], sentinels, ca: certificate?.cert, stop },
      master: findMaster,
      async failover() {
        const before = await findMaster();
        await until(async () =>
          (await ask(sentinels[0]!, `SENTINEL FAILOVER ${masterName}`)).includes('+OK'),
        );
        await until(async () => (await findMaster()) !== before);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function numberOf(text: string, field: string): number {
  return Number(new RegExp(`${field}\r\n\\$\\d+\r\n(\\d+)`).exec(text)?.[1]);
}

/** Sends a line and gives the answer; empty when it is not there. */
function ask({ url, host, port, ca }: RedisServer, line: string): Promise<string> {
  return new Promise((resolve) => {
    const password = decodeURIComponent(new URL(url).password);
    const login = password === '' ? '' : `AUTH ${JSON.stringify(password)}\r\n`;
    const socket = ca === undefined ? connect({ host, port }) : connectSecurely({ host, port, ca });
    let answer = '';
    socket.on('data', (data) => {
      answer += String(data);
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve(login === '' ? answer : answer.replace('+OK\r\n', '')));
    socket.end(`${login}${line}\r\n`);
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`this never came to hold: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
