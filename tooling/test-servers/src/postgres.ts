import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCertificate } from './certificate.ts';
import { freePort } from './free-port.ts';
import { familyOf, guardFamily } from './postgres-family.ts';
import { findPostgres, type PostgresPrograms } from './postgres-programs.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { findMemory, makeTempFolder, removeFolder } from './temp-folder.ts';

export interface PostgresOptions {
  /** Of the role in the `url`. @defaultValue `secret` */
  password?: string;
  /** With a certificate of its own for 127.0.0.1; it refuses whoever does not speak TLS. */
  tls?: boolean;
  /**
   * More settings, such as `{ max_connections: '5' }`.
   *
   * @defaultValue `{ fsync: 'off' }`: what a killed process has written is the system's, and on a slow disk tests would wait for
   * nothing else; whoever measures turns it on
   */
  config?: Record<string, string>;
  /**
   * Its data are on disk, not in memory where there is room: to make the hundreds of files of a database costs several
   * times as much there while a machine is busy. With `fsync` they always are.
   */
  disk?: boolean;
}

/** A PostgreSQL cluster of its own with the settings of production, but for `fsync`: what was committed survives a kill of it. */
export interface PostgresServer {
  /** Of the database `postgres`, for a role that may make databases and nothing else that is special. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The certificate to trust, as PEM; undefined without TLS. */
  readonly ca: string | undefined;
  /** Makes an empty database. @returns its URL */
  createDatabase(name: string): Promise<string>;
  /** Runs SQL as superuser. @returns what `psql` prints, unaligned and without headings */
  sql(text: string, database?: string): Promise<string>;
  /** Ends it and removes its data. Idempotent. */
  stop(): Promise<void>;
  /** SIGKILL for all of its processes: resolves when they are gone. Its data stay. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data, ended in order before if it runs. */
  restart(): Promise<void>;
  /** SIGSTOP for all of its processes: connections stay open, and nothing answers. */
  freeze(): void;
  /** Goes on after {@link PostgresServer.freeze}. */
  thaw(): void;
}

const role = 'vwmp';
const host = '127.0.0.1';

/** Starts a PostgreSQL. Stop it at the end; it ends with this process in any case. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const { password = 'secret', tls = false, config, disk = config?.fsync === 'on' } = options;
  const programs = findPostgres();
  const folder = makeTempFolder('postgres', disk ? undefined : findMemory());
  const certificate = tls ? createCertificate(host) : undefined;
  let port = await freePort();
  let server: ServerProcess;
  try {
    await initialise(programs, folder, tls);
    if (certificate) {
      for (const [name, content] of [
        ['tls.crt', certificate.cert],
        ['tls.key', certificate.key],
      ] as const) {
        writeFileSync(join(folder, name), content, { mode: 0o600 });
        programs.own(join(folder, name));
      }
    }
    for (let attempt = 1; ; attempt++) {
      try {
        server = await launch(programs, folder, port, options);
        break;
      } catch (error) {
        // Between looking and binding, somebody else may have taken the port.
        if (attempt === 5 || !/could not (bind|create any)/.test(String(error))) throw error;
        port = await freePort();
      }
    }
  } catch (error) {
    removeFolder(folder);
    throw error;
  }

  /** Frozen ones too. */
  const killAll = async (): Promise<void> => {
    server.signal('SIGSTOP');
    for (const pid of familyOf(server.pid)) signal(pid, 'SIGKILL');
    server.signal('SIGKILL');
    await server.ended;
    unguard?.();
  };
  let unguard: (() => void) | undefined;

  const sql = (text: string, database = 'postgres'): Promise<string> =>
    programs.run(
      'psql',
      ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-p', String(port), '-d', database],
      {
        input: text,
        env: { PGUSER: 'postgres' },
      },
    );
  const urlOf = (database: string): string =>
    `postgres://${role}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
  try {
    const literal = `'${password.replaceAll("'", "''")}'`;
    await sql(`create role ${role} login createdb password ${literal}`);
  } catch (error) {
    await killAll();
    removeFolder(folder);
    throw error;
  }

  return {
    url: urlOf('postgres'),
    ...{ host, port, ca: certificate?.cert, sql },
    async createDatabase(name) {
      await sql(`create database "${name.replaceAll('"', '""')}" owner ${role}`);
      return urlOf(encodeURIComponent(name));
    },
    async stop() {
      await killAll();
      removeFolder(folder);
    },
    kill: killAll,
    async restart() {
      for (const pid of familyOf(server.pid)) signal(pid, 'SIGCONT');
      server.signal('SIGCONT');
      // Fast: whoever is connected is told so and cut off.
      server.signal('SIGINT');
      await server.ended;
      unguard?.();
      server = await launch(programs, folder, port, options);
    },
    freeze() {
      // The parent first, so that it has no new children; those that are stopped do not notice when it dies.
      server.signal('SIGSTOP');
      const family = familyOf(server.pid);
      unguard = guardFamily(family);
      for (const pid of family) signal(pid, 'SIGSTOP');
    },
    thaw() {
      for (const pid of familyOf(server.pid)) signal(pid, 'SIGCONT');
      server.signal('SIGCONT');
      unguard?.();
    },
  };
}

async function initialise(programs: PostgresPrograms, folder: string, tls: boolean): Promise<void> {
  programs.own(folder);
  const data = join(folder, 'data');
  // An order of text that differs from that of bytes, as most databases have it, where PostgreSQL was built with it.
  const text = ['--encoding=UTF8', '--locale=C', '--lc-messages=C'];
  const icu = [...text, '--locale-provider=icu', '--icu-locale=en-US'];
  const rest = ['-D', data, '-U', 'postgres', '--no-sync', '--no-instructions', '-A', 'scram-sha-256'];
  // scram for all needs a password for the superuser, whom only the socket in the folder lets in.
  const pwfile = join(folder, 'pwfile');
  writeFileSync(pwfile, 'unused\n');
  await programs
    .run('initdb', [...rest, '--pwfile', pwfile, ...icu])
    .catch(() => programs.run('initdb', [...rest, '--pwfile', pwfile, ...text]));
  const hba = join(data, 'pg_hba.conf');
  writeFileSync(hba, `local all all trust\n${tls ? 'hostssl' : 'host'} all all ${host}/32 scram-sha-256\n`);
}

async function launch(
  programs: PostgresPrograms,
  folder: string,
  port: number,
  { tls, config }: PostgresOptions,
): Promise<ServerProcess> {
  const settings: Record<string, string> = {
    ...{ listen_addresses: host, port: String(port), unix_socket_directories: folder },
    fsync: 'off',
    // Beside the data, with which it is removed: in /dev/shm each server that is killed leaves a megabyte of memory for good.
    dynamic_shared_memory_type: 'mmap',
    ...(tls && { ssl: 'on', ssl_cert_file: join(folder, 'tls.crt'), ssl_key_file: join(folder, 'tls.key') }),
    ...config,
  };
  const args = ['-D', join(folder, 'data')];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  for (let attempt = 1; ; attempt++) {
    const { uid, gid } = programs;
    const server = await startServer({ program: programs.path('postgres'), args, folder, uid, gid });
    try {
      await server.wrote('database system is ready to accept connections');
      return server;
    } catch (error) {
      // The children of one that was killed take a moment to be gone.
      if (attempt === 100 || !/still in use|already exists/.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}
