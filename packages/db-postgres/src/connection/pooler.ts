import { randomUUID } from 'node:crypto';
import { VwmpError } from '@vwmp/core';
import { type Connection, ConnectionLost, connect } from './connection.ts';
import { codeOf, placeOf } from './errors.ts';
import type { Settings } from './settings.ts';

/** Which of its sessions a pooler gives to whom is up to it. */
const rounds = 3;
/** So long a session is waited for, in milliseconds: one that keeps all to whoever has them has none left maybe. */
const patience = 1000;
const readMark = { text: "select current_setting('vwmp.mark', true)" };

/**
 * Refuses a pooler that gives one session of the server to several clients in turn, as PgBouncer does unless its `pool_mode` is
 * `session`: what is prepared, set and locked in a session would be lost, or be somebody else's.
 *
 * @param connection - one through the pooler
 * @param timeout - milliseconds
 * @throws STORE_UNAVAILABLE; what pg or the server says
 */
export async function refuseSharedSessions(
  connection: Connection,
  settings: Settings,
  timeout: number,
): Promise<void> {
  const other = await connect(settings, timeout);
  try {
    for (let round = 0; round < rounds; round++) {
      const mark = randomUUID();
      await connection.run([{ text: "select set_config('vwmp.mark', $1, false)", values: [mark] }], timeout);
      const found = await isShared(mark, connection, other, timeout);
      if (found === undefined) return;
      if (found) throw shared(settings);
    }
  } finally {
    await other.close();
  }
}

/**
 * While the other one keeps a session to itself, both look whether what was marked before is theirs.
 *
 * @returns undefined when the other one gets no session: the first one keeps its own, then, although it does nothing
 */
async function isShared(
  mark: string,
  connection: Connection,
  other: Connection,
  timeout: number,
): Promise<boolean | undefined> {
  const isMarked = async (own: Connection): Promise<boolean> => {
    const [answer] = await own.run([readMark], timeout);
    return answer!.rows[0]![0] === mark;
  };
  try {
    await other.run('begin', Math.min(patience, timeout));
  } catch (error) {
    if (error instanceof ConnectionLost && error.silent) return undefined;
    // Where each statement may be in another session there are no transactions.
    if (codeOf(error) === '08P01') return true;
    throw error;
  }
  const result = (await isMarked(other)) || !(await isMarked(connection));
  await other.run('rollback', timeout);
  return result;
}

function shared(settings: Settings): VwmpError {
  const message =
    `The ${placeOf(settings)} is behind a pooler that gives a session of the server to several clients in turn. ` +
    'Set its pool_mode to session, or name the server itself in the URL.';
  return new VwmpError('STORE_UNAVAILABLE', message, { retryable: false });
}
