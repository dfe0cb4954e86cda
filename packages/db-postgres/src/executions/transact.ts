import { isCollision } from '../connection/errors.ts';
import type { Answer, Statement } from '../connection/exchange.ts';
import type { Pool } from '../connection/pool.ts';

/** So often something is tried that others get in the way of, and so long one waits between, in milliseconds. */
const most = 20;
const longestPause = 50;

/** Carries out a transaction, again when it collides with others. */
export async function transact(pool: Pool, statements: readonly Statement[]): Promise<Answer[]> {
  return await untilAlone(() => pool.run(statements));
}

/** Does something that is a transaction until it collides with nobody. */
export async function untilAlone<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isCollision(error) || attempt === most) throw error;
    }
    // Of any two, one comes first.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * longestPause));
  }
}
