import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { missingProgram } from './missing.ts';
import { findPostgres } from './postgres-programs.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { makeTempFolder, removeFolder } from './temp-folder.ts';

export interface PgbouncerOptions {
  /** Of a database, with the user and the password that clients have, too. */
  url: string;
  /** How long a client keeps a session of the server. */
  mode: 'session' | 'transaction' | 'statement';
  /** So many sessions of the server it has at most. @defaultValue 20 */
  sessions?: number;
}

/** A PgBouncer before a PostgreSQL. */
export interface PgbouncerServer {
  /** Of the same database, through it. */
  readonly url: string;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** Starts a PgBouncer. Stop it at the end; it ends with this process in any case. */
export async function startPgbouncer({
  url,
  mode,
  sessions = 20,
}: PgbouncerOptions): Promise<PgbouncerServer> {
  const { hostname, port, username, password } = new URL(url);
  const folder = makeTempFolder('pgbouncer');
  const users = join(folder, 'users.txt');
  writeFileSync(users, `"${username}" "${decodeURIComponent(password)}"\n`);
  for (let attempt = 1; ; attempt++) {
    const own = await freePort();
    const config = join(folder, 'pgbouncer.ini');
    const lines = [
      ...['[databases]', `* = host=${hostname} port=${port}`, '[pgbouncer]', `pool_mode = ${mode}`],
      ...['listen_addr = 127.0.0.1', `listen_port = ${own}`, 'unix_socket_dir ='],
      ...[`default_pool_size = ${sessions}`, 'auth_type = plain', `auth_file = ${users}`],
    ];
    writeFileSync(config, `${lines.join('\n')}\n`);
    let server: ServerProcess | undefined;
    try {
      server = await launch(folder, config);
      await server.wrote('process up');
      const { signal, ended } = server;
      const through = new URL(url);
      through.port = String(own);
      return {
        url: through.href,
        async stop() {
          signal('SIGKILL');
          await ended;
          removeFolder(folder);
        },
      };
    } catch (error) {
      // Between looking and binding, somebody else may have taken the port.
      if (attempt < 5 && String(error).includes('Address already in use')) continue;
      removeFolder(folder);
      throw error;
    }
  }
}

/** As a user whom it accepts: it refuses root. */
async function launch(folder: string, config: string): Promise<ServerProcess> {
  const { uid, gid } = findPostgres();
  const who = uid === undefined ? {} : { uid, gid: gid! };
  return startServer({ program: 'pgbouncer', args: [config], folder, ...who }).catch((error: unknown) => {
    throw missingProgram('pgbouncer', 'pgbouncer', error);
  });
}
