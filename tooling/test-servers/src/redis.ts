import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Certificate, createCertificate } from './certificate.ts';
import { freePort } from './free-port.ts';
import { missingProgram } from './missing.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { makeTempFolder, removeFolder } from './temp-folder.ts';

export interface RedisOptions {
  password?: string;
  /** With a certificate of its own for 127.0.0.1; it speaks nothing but TLS then. */
  tls?: boolean;
  /** More settings, such as `{ maxmemory: '10mb' }`. */
  config?: Record<string, string>;
}

/** A Redis with data of its own, every write of which survives a kill. */
export interface RedisServer {
  /** With password and `rediss:` where it has them. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The certificate to trust, as PEM; undefined without TLS. */
  readonly ca: string | undefined;
  /** Ends it and removes its data. Idempotent. */
  stop(): Promise<void>;
  /** SIGKILL: resolves when it is gone. Its data stay. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data, ended in order before if it runs. */
  restart(): Promise<void>;
  /** SIGSTOP: connections stay open, and nothing answers. */
  freeze(): void;
  /** Goes on after {@link RedisServer.freeze}. */
  thaw(): void;
}

/** What more a server can be told that belongs to others. */
export interface RedisRole {
  /** Lines of its configuration. */
  readonly lines?: readonly string[];
  /** Instead of one of its own. */
  readonly certificate?: Certificate | undefined;
  /** It watches over others. */
  readonly isSentinel?: boolean;
}

/** Starts a Redis. Stop it at the end; it ends with this process in any case. */
export function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  return startRedisAs({}, options);
}

/** Starts a Redis that belongs to others. */
export async function startRedisAs(role: RedisRole, options: RedisOptions): Promise<RedisServer> {
  const { password, tls = false } = options;
  const host = '127.0.0.1';
  const folder = makeTempFolder('redis');
  const certificate = tls ? (role.certificate ?? createCertificate(host)) : undefined;
  if (certificate) {
    writeFileSync(join(folder, 'tls.crt'), certificate.cert);
    writeFileSync(join(folder, 'tls.key'), certificate.key, { mode: 0o600 });
  }

  let port = await freePort();
  let server: ServerProcess;
  for (let attempt = 1; ; attempt++) {
    try {
      configure(folder, port, role, options);
      server = await launch(folder, role);
      break;
    } catch (error) {
      // Between looking and binding, somebody else may have taken the port.
      if (attempt < 5 && String(error).includes('Address already in use')) port = await freePort();
      else {
        removeFolder(folder);
        throw error;
      }
    }
  }

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    server.signal('SIGCONT');
    server.signal(signal);
    await server.ended;
  };

  const credentials = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
  return {
    url: `${tls ? 'rediss' : 'redis'}://${credentials}${host}:${port}`,
    ...{ host, port, ca: certificate?.cert },
    async stop() {
      await end('SIGKILL');
      removeFolder(folder);
    },
    async kill() {
      server.signal('SIGKILL');
      await server.ended;
    },
    async restart() {
      await end('SIGTERM');
      server = await launch(folder, role);
    },
    freeze: () => server.signal('SIGSTOP'),
    thaw: () => server.signal('SIGCONT'),
  };
}

/** Once: what it has noted there itself since is for its next start. */
function configure(
  folder: string,
  port: number,
  { isSentinel = false, lines = [] }: RedisRole,
  { password, tls, config }: RedisOptions,
): void {
  const settings: Record<string, string> = {
    ...{ bind: '127.0.0.1', port: tls ? '0' : String(port), dir: folder, daemonize: 'no' },
    // Every write is handed to the kernel before it is answered, which outlives a killed process.
    ...(!isSentinel && { appendonly: 'yes', appendfsync: 'no', save: '' }),
    ...(password !== undefined && { requirepass: password }),
    ...(tls && {
      ...{ 'tls-port': String(port), 'tls-auth-clients': 'no', 'tls-replication': 'yes' },
      ...{ 'tls-cert-file': 'tls.crt', 'tls-key-file': 'tls.key', 'tls-ca-cert-file': 'tls.crt' },
    }),
    ...config,
  };
  const all = [
    ...Object.entries(settings).map(([name, value]) => `${name} ${JSON.stringify(value)}`),
    ...lines,
  ];
  // In a file, since arguments are there for everyone to read.
  writeFileSync(join(folder, 'redis.conf'), `${all.join('\n')}\n`, { mode: 0o600 });
}

async function launch(folder: string, { isSentinel = false }: RedisRole): Promise<ServerProcess> {
  const args = ['redis.conf', ...(isSentinel ? ['--sentinel'] : [])];
  const server = await startServer({ program: 'redis-server', args, folder }).catch((error: unknown) => {
    throw missingProgram('redis-server', 'redis-server', error);
  });
  await server.wrote(isSentinel ? 'Sentinel ID is' : 'Ready to accept connections');
  return server;
}
