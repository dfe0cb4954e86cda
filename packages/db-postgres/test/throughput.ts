/**
 * Executions per second through the store alone, beside raw commits of the driver on as many connections as there are executions at
 * a time: `node --conditions=source test/throughput.ts`. An execution is five appends of one event. Both are measured in turns of a
 * few milliseconds, so that what the machine does meanwhile falls on both; the quickest twentieth tells what is possible.
 */
import { completion, creation, progress } from '@vwmp/adapter-tests/samples';
import { startPostgres } from '@vwmp/test-servers';
import pg from 'pg';
import { createPostgresStorage } from '../src/index.ts';

const rounds = 100;
/** Commits of each lane in a turn. */
const commits = 40;

const server = await startPostgres({ config: { max_connections: '150', fsync: 'on' } });
const url = await server.createDatabase('throughput');
const storage = createPostgresStorage({ url });
await storage.open();
const { executions } = storage;
await executions.heartbeat('worker', 3_600_000);
const body = JSON.stringify(progress('x', 1).events[0]);
let started = 0;

for (const at of [1, 16, 64]) {
  const pool = new pg.Pool({ connectionString: url, max: at });
  await pool.query('create table if not exists raw (id bigserial primary key, body text)');
  const query = { name: 'raw', text: 'insert into raw (body) values ($1)', values: [body] };
  const lanes = Array.from({ length: at });

  const commit = async (): Promise<void> => {
    for (let n = 0; n < commits; n++) await pool.query(query);
  };
  const execute = async (): Promise<void> => {
    for (let n = 0; n < commits / 5; n++) {
      const id = `e${++started}`;
      await executions.append({ ...creation(id), owner: 'worker' });
      for (let seq = 1; seq < 4; seq++) await executions.append(progress(id, seq));
      await executions.append(completion(id, 4));
    }
  };
  const turns = { raw: [] as number[], own: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    let begun = performance.now();
    await Promise.all(lanes.map(commit));
    turns.raw.push(((performance.now() - begun) / (commits * at)) * 5);
    begun = performance.now();
    await Promise.all(lanes.map(execute));
    turns.own.push((performance.now() - begun) / ((commits / 5) * at));
  }
  for (const [name, part] of [
    ['quickest', 0.05],
    ['median', 0.5],
  ] as const) {
    const [raw, own] = [quantile(turns.raw, part), quantile(turns.own, part)];
    const rate = (time: number): string => `${Math.round(1000 / time)}/s`;
    console.log(
      `${at} at a time, ${name}: ${rate(own)} beside ${rate(raw)} (raw commits ÷ 5), ${(raw / own).toFixed(2)} ×`,
    );
  }
  await pool.end();
}
await storage.close();
await server.stop();

function quantile(times: readonly number[], part: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * part)]!;
}
