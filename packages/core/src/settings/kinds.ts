import { formatDuration, parseDuration } from '../values/duration.ts';

/** What a variable may hold, and how that is read and shown. */
export interface Kind<T> {
  /** Completes "use …". */
  readonly allowed: string;
  /** @returns undefined when the text is none of these */
  read(text: string): T | undefined;
  show(value: T): string;
  /** What is wrong with a text that it does not read, where that can be told without showing it. */
  hint?(text: string): string | undefined;
}

/** One of a few words. */
export function oneOf<T extends string>(...words: readonly T[]): Kind<T> {
  return {
    allowed: `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
    read: (text) => words.find((word) => word === text.toLowerCase()),
    show: (value) => value,
  };
}

const yes = ['true', '1', 'yes', 'on'];
const no = ['false', '0', 'no', 'off'];

export const flag: Kind<boolean> = {
  allowed: 'true or false',
  read(text) {
    const word = text.toLowerCase();
    return yes.includes(word) ? true : no.includes(word) ? false : undefined;
  },
  show: String,
};

/** A whole number within bounds. */
export function integer(least: number, most: number): Kind<number> {
  return {
    allowed: `a whole number from ${least} to ${most}`,
    read(text) {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
      return value !== undefined && value >= least && value <= most ? value : undefined;
    },
    show: String,
  };
}

/** Milliseconds, written as in the workflow language. */
export function duration(least: number): Kind<number> {
  const bound = least === 0 ? '' : ` of at least ${formatDuration(least)}`;
  return {
    allowed: `a duration${bound} such as 15s, 5m or 1d`,
    read(text) {
      const value = parseDuration(/^\d{1,15}$/.test(text) ? Number(text) : text);
      return value !== undefined && value >= least ? value : undefined;
    },
    show: formatDuration,
  };
}

/** What `kind` reads, or a word that means something else. */
export function orWord<T>(kind: Kind<T>, word: string, value: T): Kind<T> {
  return {
    allowed: `${kind.allowed}, or ${word}`,
    read: (text) => (text.toLowerCase() === word ? value : kind.read(text)),
    show: (given) => (given === value ? word : kind.show(given)),
  };
}

/** Text of a certain form. */
export function text(allowed: string, form: RegExp): Kind<string> {
  return { allowed, read: (given) => (form.test(given) ? given : undefined), show: (value) => value };
}

/** Names with commas or spaces between them. */
export function names(allowed: string, form: RegExp): Kind<readonly string[]> {
  return {
    allowed,
    read(given) {
      const list = [...new Set(given.split(/[\s,]+/).filter((name) => name !== ''))];
      return list.length > 0 && list.every((name) => form.test(name)) ? list : undefined;
    },
    show: (value) => value.join(','),
  };
}

/** Hosts before the last one, of which `redis+sentinel:` may name several. */
const moreHosts = /(?<=^rediss?\+sentinel:\/\/([^/?#]*@)?)(([\w.-]+|\[[\da-f:.]+\])(:\d+)?,)+/i;

/**
 * A URL of a server with one of some schemes; instead of a host the option `host` may name the folder of a socket. It may
 * hold a password, so what is shown of it is {@link hidePassword}.
 */
export function url(allowed: string, ...schemes: readonly string[]): Kind<string> {
  return {
    allowed: `${allowed}, special characters of the password as %XX`,
    read(given) {
      const single = given.replace(moreHosts, '');
      const parsed = URL.canParse(single) ? new URL(single) : undefined;
      if (!parsed || !schemes.includes(parsed.protocol) || isCutShort(parsed, given)) return undefined;
      return parsed.hostname !== '' || parsed.searchParams.has('host') ? given : undefined;
    },
    show: hidePassword,
    hint: unencoded,
  };
}

/** Whether a character of the password that was not encoded may have ended the host: the URL is one of another server then. */
function isCutShort({ username, password, pathname, search, hash }: URL, given: string): boolean {
  if (/%(?![\da-f]{2})/i.test(username + password) || /@/.test(pathname + hash)) return true;
  return /^\?[^=]*@/.test(search) || hasUnclearOptions(given);
}

/** Whether an "@" in the options may be the one in front of the host, and what seems to be the host and its port a user and a password. */
function hasUnclearOptions(given: string): boolean {
  const [, host = '', options = ''] = /^[^:]*:\/\/([^/?#]*)[^?#]*(\?[^=@#]*=[^#]*@)?/.exec(given) ?? [];
  const mayBeUser = !host.includes('@') && host.replace(/\[.*?\]/g, '').includes(':');
  return mayBeUser && options !== '' && !/^\?sentinel_\w+=/.test(options);
}

/** Names what has to be written in another way. */
function unencoded(given: string): string | undefined {
  const unclear = hasUnclearOptions(given);
  // Options may have an "@" of their own.
  const text = unclear ? given : given.split(/\?[\w.-]+=/, 1)[0]!;
  const [, before = ''] = /^[^:]*:\/\/(.*)@/.exec(text) ?? [];
  const found = [...new Set(before.match(/[/?#]|%(?![\da-f]{2})/gi))];
  if (found.length === 0) return undefined;
  const [, host] = /^postgres(?:ql)?:\/\/([^/?#]*)\/[^/?#]*@[^/?#]*$/i.exec(text) ?? [];
  if (host === '') return 'In the name of the database, write "@" as %40.';
  const each = found.map((one) => `"${one}" as %${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const other = unclear ? 'its options' : host === undefined ? undefined : 'the name of the database';
  const more = other === undefined ? '' : `, or in ${other} "@" as %40`;
  return `In its user and password, write ${each.join(' and ')}${more}.`;
}

/** A URL without user, password and options, any of which may be secret; `***` when it can't be read. */
export function hidePassword(value: string): string {
  const [hosts = ''] = moreHosts.exec(value) ?? [];
  const single = value.replace(moreHosts, '');
  if (!URL.canParse(single)) return '***';
  const url = new URL(single);
  const { protocol, username, password, host, pathname } = url;
  // Without a host it is no URL of a server: whatever stands behind the colon may be a password, as may what seems to be the host.
  if (host === '' || isCutShort(url, value)) return '***';
  const user = username === '' && password === '' ? '' : '***@';
  return `${protocol}//${user}${hosts}${host}${pathname}`;
}
