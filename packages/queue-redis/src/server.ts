import { VwmpError } from '@vwmp/core';
import type { Logger } from '@vwmp/core/ports';
import type { Redis } from 'ioredis';

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
  const [info] = await Promise.all([redis.info(), redis.exists(home)]);
  const [, major = 0, minor = 0] = (/^redis_version:(\d+)\.(\d+)/m.exec(info) ?? []).map(Number);
  if (major < 6 || (major === 6 && minor < 2)) {
    const message = `Redis at ${where} has version ${major}.${minor}, and 6.2 or newer is needed.`;
    throw new VwmpError('QUEUE_UNAVAILABLE', message, { retryable: false });
  }
  const [, policy = 'noeviction'] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  if (policy === 'noeviction') return;
  const message = `Redis at ${where} may throw tasks away when its memory is full (maxmemory-policy ${policy}). Set it to noeviction.`;
  logger?.log('warn', message);
}
