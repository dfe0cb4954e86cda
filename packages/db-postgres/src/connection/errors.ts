import { VwmpError } from '@vwmp/core';
import { ConnectionLost } from './connection.ts';
import type { Settings } from './settings.ts';

/** Where a server is, for messages. Never with a password. */
export function placeOf({ server: { host, port, database } }: Settings): string {
  return host.startsWith('/')
    ? `database "${database}" in ${host}`
    : `database "${database}" at ${host}:${port}`;
}

/** Of an error of PostgreSQL its SQLSTATE, of one of the network its name. */
export function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return cause === undefined ? '' : codeOf(cause);
}

/** What was done has been taken back because others did something at the same time, and can be done again at once. */
export function isCollision(error: unknown): boolean {
  return /^(40001|40P01|55P03)$/.test(codeOf(error));
}

/** It is about what was to be stored, and not about how things are. */
export function isOfOneValue(error: unknown): boolean {
  return /^(22|23|54)/.test(codeOf(error));
}

/** The connection does not fit the server any more, though the statement was not carried out. */
export function isStale(error: unknown): boolean {
  if (error instanceof ConnectionLost) return !error.sent;
  // A prepared statement that is not there (a pooler between), or whose tables have changed; a primary that is none any more.
  return /^(26000|0A000|25006|08P01)$/.test(codeOf(error));
}

/** Trying to connect again has no chance before somebody changes something. */
export function isHopeless(error: unknown): boolean {
  return (
    (error instanceof VwmpError && !error.retryable) ||
    /^(28|3D|42|ENOTFOUND|EACCES|DEPTH_|CERT_|SELF_|UNABLE_|ERR_TLS|ERR_SSL)/.test(codeOf(error)) ||
    saysNoTls(error)
  );
}

/**
 * The error that users of the store get.
 *
 * @param error - anything that pg or the server threw
 */
export function toStoreError(error: unknown, settings: Settings): unknown {
  if (error instanceof VwmpError || error instanceof TypeError) return error;
  const place = placeOf(settings);
  const code = codeOf(error);
  const [kind, text] = describe(code, error, settings);
  const retryable = kind !== 'VALUE_INVALID' && !isHopeless(error);
  return new VwmpError(kind, text.replace('PLACE', place), { retryable, cause: causeOf(code, error) });
}

type Kind = 'STORE_UNAVAILABLE' | 'STORE_FULL' | 'VALUE_INVALID';

function describe(code: string, error: unknown, settings: Settings): [Kind, string] {
  const { user, host, database } = settings.server;
  const unavailable = (text: string): [Kind, string] => ['STORE_UNAVAILABLE', text];
  if (saysNoTls(error)) {
    return unavailable(
      'The server of the PLACE does not speak TLS. Take sslmode out of the URL, or switch TLS on there.',
    );
  }
  switch (code) {
    case '28P01':
      return unavailable(
        `The PLACE does not accept the password of "${user}". Correct the URL, or the password there.`,
      );
    case '28000': {
      const needsTls = /no encryption|SSL off/.test(messageOf(error));
      const what = needsTls
        ? 'only with TLS. Add ?sslmode=verify-full to the URL (or require, if its certificate cannot be checked).'
        : `not at all: "${user}" is unknown, or pg_hba.conf does not let it in from here.`;
      return unavailable(`The PLACE accepts connections ${needsTls ? '' : `of "${user}" `}${what}`);
    }
    case '3D000':
      return unavailable(`There is no PLACE. Create it (createdb ${database}), or correct the URL.`);
    case '3F000':
      return unavailable('The PLACE has no such schema. Create it, or correct the option "schema".');
    case '42501':
      return unavailable(
        `In the PLACE "${user}" may not do what is needed: ${messageOf(error)}. ` +
          `Make it the owner of the database, or GRANT CREATE, USAGE ON SCHEMA … TO "${user}".`,
      );
    case '42P01':
    case '42703':
      return unavailable(
        `The PLACE does not have the tables of this version: ${messageOf(error)}. Run its migrations (vwmp db migrate), ` +
          'or correct the option "schema".',
      );
    case '25006':
      return unavailable(
        'The PLACE can only be read: it is a copy, or being moved. Name the primary server in the URL.',
      );
    case '53100':
      return [
        'STORE_FULL',
        'The disk of the PLACE is full. Make room there; nothing that was recorded earlier is lost.',
      ];
    case '53300':
      return unavailable(
        'The server of the PLACE has no connection left. Raise max_connections there, or lower the pool size of its users.',
      );
    case '57014':
      return unavailable(
        'The PLACE took too long, so the statement was given up. Look for what keeps it busy (pg_stat_activity).',
      );
    case '57P03':
      return unavailable('The server of the PLACE is starting or stopping. Wait for it.');
    case '54000':
    case '22021':
    case '22P05':
      return [
        'VALUE_INVALID',
        'A value is too large or has characters that PostgreSQL cannot hold in an id or name.',
      ];
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unavailable(`The host "${host}" of the PLACE is unknown. Correct the URL, or look at the DNS.`);
    case 'ECONNREFUSED':
    case 'ENOENT':
      return unavailable(
        'Nobody answers where the PLACE should be. Start the server, or correct host and port in the URL.',
      );
  }
  if (/^(DEPTH_|CERT_|SELF_|UNABLE_|ERR_TLS|ERR_SSL)/.test(code)) {
    return unavailable(
      `The certificate of the server of the PLACE is not to be trusted (${code}). Name the one that signed it with sslrootcert in the URL.`,
    );
  }
  if (error instanceof ConnectionLost && error.sent) {
    return unavailable(
      `The connection to the PLACE broke, and it is not known whether the last change was made: ${messageOf(error)}`,
    );
  }
  if (/^[0-9A-Z]{5}$/.test(code)) {
    return unavailable(`The server of the PLACE reports an error ${code}. Its log says more.`);
  }
  return unavailable(`The PLACE cannot be reached: ${messageOf(error)}`);
}

function saysNoTls(error: unknown): boolean {
  return messageOf(error).includes('does not support SSL');
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

/** PostgreSQL quotes values in the messages of some errors, and in the details of others: those stay here. */
function causeOf(code: string, error: unknown): unknown {
  if (/^(22|23)/.test(code)) return undefined;
  const { severity } = (error ?? {}) as { severity?: unknown };
  return severity === undefined ? error : new Error(`${String(severity)} ${code}: ${messageOf(error)}`);
}
