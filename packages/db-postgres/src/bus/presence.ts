import type { Link } from './link.ts';

export interface PresenceOptions {
  link: Link;
  schema: string;
  /** Whether anybody in this process watches. */
  isHere(): boolean;
  /** Tells others that somebody begins to. */
  announce(): void;
}

/**
 * Shows others that somebody in this process watches: by a lock, which is there as long as its session. So whoever publishes can see
 * that nobody does.
 */
export interface Presence {
  /** Shows it, if somebody is here and it is not shown. */
  renew(): void;
  /** Shows it no longer, if nobody is here. Not at once: many come and go. */
  tidy(): void;
  /** Whether others show theirs. */
  ofOthers(): Promise<boolean>;
}

const [kind, place] = [`hashtext('vwmp.watch')`, 'hashtext($1)'];
const show = `select pg_advisory_lock_shared(${kind}, ${place})`;
const hide = `select pg_advisory_unlock_shared(${kind}, ${place})`;
const look = `select exists (select from pg_locks where locktype = 'advisory' and objsubid = 2 and granted
  and database = (select oid from pg_database where datname = current_database())
  and classid = ${kind}::oid and objid = ${place}::oid and pid <> pg_backend_pid())::text`;

export function createPresence({ link, schema, isHere, announce }: PresenceOptions): Presence {
  /** Of which connection it is the lock. */
  let shown: number | undefined;

  const run = async (name: string, text: string): Promise<string | null | undefined> => {
    const [answer] = await link.run([{ name, text, values: [schema] }]);
    return answer!.rows[0]?.[0];
  };

  return {
    renew() {
      if (!isHere() || !link.isUp || shown === link.number) return;
      const connection = link.number;
      shown = connection;
      run('watch', show).then(announce, () => {
        if (shown === connection) shown = undefined;
      });
    },
    tidy() {
      if (isHere() || shown === undefined) return;
      const connection = shown;
      shown = undefined;
      if (connection === link.number) run('unwatch', hide).catch(() => undefined);
    },
    ofOthers: async () => (await run('watched', look)) !== 'false',
  };
}
