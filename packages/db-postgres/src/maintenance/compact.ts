import { tableList } from 'db-common';
import type { Pool } from '../connection/pool.ts';

/** A large table takes its time. */
const vacuumTimeout = 3_600_000;

/**
 * Frees what removed and changed rows have left, one table after the other, while everyone goes on; what is free at the end of a
 * table is given back to the file system. Also counts anew what tallies say in many rows.
 *
 * @returns how many bytes
 */
export async function compact(pool: Pool): Promise<number> {
  const names = tableList.map(({ name }) => name);
  return await pool.use(async (connection) => {
    const size = async (): Promise<number> => {
      const text = `select sum(pg_total_relation_size(to_regclass(name))) from unnest($1::text[]) as name`;
      const [answer] = await connection.run([{ text, values: [`{${names.join(',')}}`] }], vacuumTimeout);
      return Number(answer!.rows[0]![0]);
    };
    const [before] = await connection.run("select current_setting('statement_timeout')", vacuumTimeout);
    await connection.run('set statement_timeout = 0', vacuumTimeout);
    try {
      const bytes = await size();
      for (const name of names) await connection.run(`vacuum (analyze, truncate) ${name}`, vacuumTimeout);
      return Math.max(bytes - (await size()), 0);
    } finally {
      if (connection.alive) {
        await connection.run(`set statement_timeout = '${before!.rows[0]![0]}'`, vacuumTimeout);
      }
    }
  });
}
