import { VwmpError } from '@vwmp/core';
import type { Logger } from '@vwmp/core/ports';
import type { Redis } from 'ioredis';

/** What Redis says to a password where everybody is let in without one. */
const open = /without any password configured/;

/**
 * Checks, when a queue is opened, that the server can do what is asked of it.
 *
 * @param home - a key of the queue: in a cluster the node that has it is the one that counts
 * @throws QUEUE_UNAVAILABLE
 */
export async function checkServer(
  redis: Redis,
  home: string,
  where: string,
  logger: Logger | undefined,
): Promise<void> {
  const [info, isOpen] = await Promise.all([redis.info(), takesAnyone(redis), redis.exists(home)]);
  const [, major = 0, minor = 0] = (/^redis_version:(\d+)\.(\d+)/m.exec(info) ?? []).map(Number);
  if (major < 6 || (major === 6 && minor < 2)) {
    const message = `Redis at ${where} has version ${major}.${minor}, and 6.2 or newer is needed.`;
    throw new VwmpError('QUEUE_UNAVAILABLE', message, { retryable: false });
  }
  if (isOpen) {
    const message = `Redis at ${where} wants no password, though one is set here (VWMP_REDIS_URL): whoever reaches it may do everything. Give it that password (requirepass), or take it out here.`;
    logger?.log('warn', message);
  }
  const [, policy = 'noeviction'] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  if (policy === 'noeviction') return;
  const message = `Redis at ${where} may throw tasks away when its memory is full (maxmemory-policy ${policy}). Set it to noeviction.`;
  logger?.log('warn', message);
}

/** A password is taken then, whichever it is; only where it comes without a name Redis says that it needs none. */
async function takesAnyone(redis: Redis): Promise<boolean> {
  const { username, password } = redis.options;
  if (!password || (username ?? 'default') !== 'default') return false;
  try {
    await redis.call('AUTH', password);
    return false;
  } catch (error) {
    return open.test((error as Error).message);
  }
}
