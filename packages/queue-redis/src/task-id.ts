import { randomBytes } from 'node:crypto';

/**
 * Makes ids that nobody else makes, and that sort by the time of their making. The caller knows the id before Redis does: so
 * adding a task can be tried again without adding it twice.
 */
export function createIds(): () => string {
  const own = randomBytes(6).toString('hex');
  let count = 0;
  return () => {
    count = (count + 1) % 36 ** 4;
    return `${Date.now().toString(36)}${count.toString(36).padStart(4, '0')}${own}`;
  };
}
