import { VwmpError } from '@vwmp/core';
import type { Task } from '@vwmp/core/ports';
import type { Endpoint } from './endpoint.ts';
import type { Place } from './link.ts';

/** What Redis answers when it is there and cannot do its work now. */
const unable =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|ASK|MISCONF|NOREPLICAS|BUSY|TRYAGAIN|NOAUTH|WRONGPASS|NOPERM)\b/;
const outOfMemory = /^OOM\b|\bOOM command not allowed/;

export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && outOfMemory.test(error.message);
}

/** Whether the connection was lost before the answer came, or was not there: what was asked for may have been done. */
export function isInterruption(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message } = error;
  if (name === 'MaxRetriesPerRequestError' || name === 'AbortError') return true;
  return (
    message === 'Connection is closed.' ||
    message.startsWith("Stream isn't writeable") ||
    // Another node of the cluster is asked next.
    message.startsWith('MOVED ')
  );
}

/** Whether the same might work once Redis is well again. Anything else that it refuses is a mistake of this package. */
export function isOutage(error: unknown): boolean {
  if (isInterruption(error)) return true;
  return error instanceof Error && (unable.test(error.message) || outOfMemory.test(error.message));
}

/** Whether trying again in a moment is in vain: someone has to change something. */
export function isHopeless(error: Error): boolean {
  const { errors = [] } = error as Partial<AggregateError>;
  // Whatever else was tried may work in a moment.
  if (errors.length > 0) return errors.every(isHopeless);
  return /WRONGPASS|NOAUTH|NOPERM|DB index|SELECT is not allowed|certificate|ENOTFOUND|does not know that name/.test(
    error.message,
  );
}

/** Whether it is the answer to the choice of a database: it was not chosen. */
export function isElsewhere(error: Error): boolean {
  return (error as { command?: { name?: string } }).command?.name === 'select';
}

/** The driver hangs the command on its errors: the payload of a task, or a password, which are for no log. */
export function withoutCommand(error: unknown): unknown {
  if (error instanceof Error) delete (error as { command?: unknown }).command;
  return error;
}

/**
 * @param code - QUEUE_UNAVAILABLE or BUS_UNAVAILABLE
 * @param node - of a cluster, that it was sent to
 */
export function unavailable(code: string, endpoint: Endpoint, cause: unknown, node?: Place): VwmpError {
  const { name, sentinels, redis } = endpoint;
  const reason = (cause as Error).message.replace(/\.$/, '');
  const { master = node } = sentinels ?? {};
  const role = sentinels ? 'the master' : 'a node of the cluster';
  const where = master ? `${master.host}:${master.port}, ${role} of ${name},` : name;
  const advice = adviceOn(reason, { isWatched: sentinels !== undefined, isSecure: redis.tls !== undefined });
  return new VwmpError(code, `Redis at ${where} cannot be used: ${reason}. ${advice}`, { cause });
}

function adviceOn(
  reason: string,
  { isWatched, isSecure }: { isWatched: boolean; isSecure: boolean },
): string {
  if (/does not know that name/.test(reason)) return 'Check the name of the master (SENTINEL MASTERS).';
  if (/no sentinel tells.*(WRONGPASS|NOAUTH)/.test(reason))
    return 'Check sentinel_password in the url: sentinels have a password of their own.';
  if (/no sentinel tells.*NOPERM/.test(reason)) return 'Give their user SENTINEL and SUBSCRIBE.';
  if (/WRONGPASS|NOAUTH|AUTH/.test(reason)) return 'Check the user name and the password.';
  if (/NOPERM/.test(reason)) return 'Give the user all commands on the keys of this prefix.';
  if (isSecure && /answer in TLS|wrong version number|packet length|before secure TLS/.test(reason))
    return 'Check that it speaks TLS at this port: if it does not, the url (VWMP_REDIS_URL) begins with redis:// instead of rediss://.';
  if (/certificate|SSL|TLS|self-signed/i.test(reason))
    return 'Check the certificate, or the authority to trust: NODE_EXTRA_CA_CERTS=FILE in the environment (not .env), tls.ca in a program.';
  if (/DB index/.test(reason))
    return 'It has no database of that number: choose a lower one (VWMP_REDIS_DB), or give it more (databases).';
  if (/SELECT is not allowed/.test(reason)) return 'A cluster has the database 0 only (VWMP_REDIS_DB).';
  if (outOfMemory.test(reason)) return 'Give it more memory (maxmemory).';
  if (/ENOTFOUND|EAI_AGAIN/.test(reason)) return 'Check the name of the host.';
  if (/^(LOADING|BUSY|TRYAGAIN|ASK)/.test(reason)) return 'It should work before long.';
  if (/CLUSTERDOWN/.test(reason)) return 'Look at its cluster: not every node is there (CLUSTER INFO).';
  if (/NOREPLICAS/.test(reason))
    return 'Look at its replicas: it takes nothing while fewer are connected than it has to have (min-replicas-to-write).';
  if (/MISCONF/.test(reason)) return 'Look into its log: it cannot write to its disk.';
  if (/no sentinel tells/.test(reason)) return 'Check that the sentinels run, and their hosts and ports.';
  if (isWatched)
    return 'It has to be reachable from here. When it is lost, the sentinels replace it, if enough of them agree.';
  if (!isSecure && /ECONNRESET|EPIPE|closed/.test(reason))
    return 'Check that it runs, that host and port are right, and whether it wants TLS: the url (VWMP_REDIS_URL) begins with rediss:// then.';
  return 'Check that it runs, and that host and port are right.';
}

export function notHeld({ id, queue }: Pick<Task, 'id' | 'queue'>): VwmpError {
  const message = `Task "${id}" of queue "${queue}" is not held here: it was never taken, it has ended, or it was given to someone else.`;
  return new VwmpError('NOT_FOUND', message, { retryable: false });
}
