import type { RedisConnectionOptions } from '../options.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Those who watch over a master and its replicas, and tell where the master is. */
export interface Sentinels {
  readonly addresses: readonly Address[];
  /** Where they are, as it was given. */
  readonly list: string;
  /** What they call the master. */
  readonly masterName: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Where it was when one of them was asked last. */
  master: Address | undefined;
}

const scheme = /^(rediss?)\+sentinel:/i;
const parts = /^[^:]+:\/\/([^/?#]*@)?([^/?#]*)\/([\w.-]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const address = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i;
/** What would be taken for the end of a password. */
export const encodings =
  'in a password "/" has to be written as %2F, "?" as %3F, "#" as %23, "@" as %40, "&" as %26 and "%" as %25';
const form = 'redis+sentinel://:PASSWORD@HOST:PORT,HOST:PORT/MASTER-NAME/DB?sentinel_password=PASSWORD';

/**
 * Reads a url that names sentinels.
 *
 * @param refuse - makes the error for a reason, and the form that is right
 * @returns them, and the text of a url with what is left; undefined for any other url
 */
export function readSentinels(
  text: string,
  { host, port }: RedisConnectionOptions,
  refuse: (why: string, form: string) => Error,
): { sentinels: Sentinels; text: string } | undefined {
  const [, protocol] = scheme.exec(text) ?? [];
  if (protocol === undefined) return undefined;
  // It ends a url: what comes behind it may be the rest of a password.
  if (text.includes('#')) throw refuse('a "#" has to be written as %23, also in a password', form);
  const [, user = '', list = '', masterName, db = '', query = ''] = parts.exec(text) ?? [];
  if (masterName === undefined)
    throw refuse(
      `the name of the master is missing, or is not of letters, digits, ".", "_" and "-"; and ${encodings}`,
      form,
    );
  if ((host ?? port) !== undefined)
    throw refuse('it names sentinels, so "host" and "port" must not be given besides', form);
  const addresses = list.split(',').map((each, index): Address => {
    const [, ip, name = ip, given = '26379'] = address.exec(each) ?? [];
    // What stands there may be part of a password.
    if (name === undefined || Number(given) > 65_535 || Number(given) === 0)
      throw refuse(`the address of sentinel ${index + 1} cannot be read; and ${encodings}`, form);
    return { host: name, port: Number(given) };
  });
  // As in the part before it, "+" stands for itself.
  const options = new URLSearchParams(query.replaceAll('+', '%2B'));
  for (const name of options.keys()) {
    if (!/^sentinel_(username|password)$/.test(name))
      throw refuse(
        `behind its "?" it can have sentinel_username and sentinel_password, nothing else; and ${encodings}`,
        form,
      );
  }
  return {
    sentinels: {
      ...{ addresses, list, masterName, master: undefined },
      username: options.get('sentinel_username') ?? undefined,
      password: options.get('sentinel_password') ?? undefined,
    },
    text: `${protocol}://${user}sentinel/${db}`,
  };
}
