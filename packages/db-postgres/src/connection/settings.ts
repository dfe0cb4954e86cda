import type { ConnectionOptions } from 'node:tls';
import { VwmpError } from '@vwmp/core';

/** Of TLS, as Node's `tls.connect` takes them. Without `rejectUnauthorized: false`, the certificate of the server is checked. */
export type PostgresTls = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'servername' | 'rejectUnauthorized'
>;

/** How to connect. */
export interface Settings {
  server: {
    host: string;
    port: number;
    user: string;
    password: string | undefined;
    database: string;
    ssl: boolean | ConnectionOptions;
    enableChannelBinding?: boolean;
  };
  applicationName: string;
}

/**
 * Reads a URL `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…`. What it does not say comes from the environment variables
 * `PGUSER`, `PGPASSWORD`, `PGHOST`, `PGPORT` and `PGDATABASE`, as with PostgreSQL's own programs.
 *
 * @param tls - true or settings: instead of what the URL says
 * @throws SETTINGS_INVALID, without the URL, which may have a password in it
 */
export function readSettings(url: string, tls?: boolean | PostgresTls): Settings {
  const parsed = parse(url);
  const { searchParams, hostname } = parsed;
  const text = (part: string): string | undefined => (part === '' ? undefined : decodeURIComponent(part));
  const { env } = process;
  const user = text(parsed.username) ?? env.PGUSER ?? 'postgres';
  const path = text(parsed.pathname.slice(1));
  return {
    server: {
      // In a URL only the parameter can name the folder of a socket.
      host: searchParams.get('host') ?? text(hostname.replace(/^\[|\]$/g, '')) ?? env.PGHOST ?? 'localhost',
      port: Number(parsed.port || searchParams.get('port') || env.PGPORT || 5432),
      user,
      password: text(parsed.password) ?? env.PGPASSWORD,
      database: path ?? env.PGDATABASE ?? user,
      ssl: tls ?? readTls(searchParams),
      enableChannelBinding: searchParams.get('channel_binding') !== 'disable',
    },
    applicationName: searchParams.get('application_name') ?? 'vwmp',
  };
}

function parse(url: string): URL {
  try {
    // A host may be missing: postgres:///database
    const parsed = new URL(url.replace(/^(postgres(?:ql)?:\/\/[^/]*@)\//, '$1_/'));
    if (/^postgres(ql)?:$/.test(parsed.protocol)) {
      if (parsed.hostname === '_') parsed.hostname = '';
      decodeURIComponent(parsed.username + parsed.password + parsed.pathname);
      // A character of the password that was not encoded has ended the host, or what seems to be one: the rest would be the name of the
      // database, or an option.
      const [firstOption = ''] = parsed.search.split('=', 1);
      if (!/@/.test(parsed.pathname + parsed.hash + firstOption)) return parsed;
    }
  } catch {
    // Told below: the error of the parser would show the URL.
  }
  throw invalid(
    'The URL of the database cannot be read. It has to look like this: postgres://user:password@host:5432/database; ' +
      'in the user and password "/" is written as %2F, "?" as %3F, "#" as %23, "@" as %40 and "%" as %25',
  );
}

/** What `sslmode` means to PostgreSQL's own programs, but for the default: TLS is used only when it is asked for. */
function readTls(parameters: URLSearchParams): boolean | ConnectionOptions {
  const mode = parameters.get('sslmode') ?? process.env.PGSSLMODE ?? 'disable';
  const file = (name: string): string | undefined => {
    const path = parameters.get(name);
    if (path === null || path === 'system') return undefined;
    try {
      // Not imported: that takes 2.6 MB, and hardly anybody names a file.
      return process.getBuiltinModule('node:fs').readFileSync(path, 'utf8');
    } catch (error) {
      throw invalid(`The file "${path}" that ${name} of the database URL names cannot be read.`, error);
    }
  };
  const files = { ca: file('sslrootcert'), cert: file('sslcert'), key: file('sslkey') };
  const anyName = { checkServerIdentity: () => undefined };
  switch (mode) {
    case 'disable':
    case 'allow':
    case 'prefer':
      return false;
    case 'no-verify':
      return { ...files, rejectUnauthorized: false };
    case 'require':
      return files.ca === undefined ? { ...files, rejectUnauthorized: false } : { ...files, ...anyName };
    case 'verify-ca':
      return { ...files, ...anyName };
    case 'verify-full':
      return files;
    default:
      throw invalid(
        `"${mode}" is no sslmode. There are disable, require (encrypted), verify-ca (and a certificate that can be trusted) ` +
          'and verify-full (and of this host).',
      );
  }
}

function invalid(message: string, cause?: unknown): VwmpError {
  return new VwmpError('SETTINGS_INVALID', message, { retryable: false, cause });
}
