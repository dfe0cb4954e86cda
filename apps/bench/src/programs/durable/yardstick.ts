import { importInstalled } from './platform.ts';

/** What the machine gives without us. */
export type Yardstick =
  | { kind: 'sqlite'; path: string }
  | { kind: 'postgres'; url: string }
  | { kind: 'bullmq'; url: string };

/** One unit of work as often as one likes. */
export interface Work {
  call(): Promise<unknown>;
  close(): Promise<void>;
}

/** A row as large as what an append of the platform writes. */
const body = JSON.stringify({
  event: 'step_completed',
  step_id: 'count',
  output: 3,
  attempts: 1,
  duration_ms: 1,
});

/** @param at - how many calls are under way at a time */
export function createYardstick(yardstick: Yardstick, at: number): Promise<Work> {
  switch (yardstick.kind) {
    case 'sqlite':
      return sqlite(yardstick.path);
    case 'postgres':
      return postgres(yardstick.url, at);
    case 'bullmq':
      return bullmq(yardstick.url, at);
  }
}

/** One row, one commit, with the settings that the adapter has. */
async function sqlite(path: string): Promise<Work> {
  const { default: Database } = await importInstalled<{ default: typeof import('better-sqlite3') }>(
    'better-sqlite3',
  );
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.exec('CREATE TABLE IF NOT EXISTS raw (id INTEGER PRIMARY KEY, body TEXT NOT NULL)');
  const insert = database.prepare('INSERT INTO raw (body) VALUES (?)');
  return {
    call: async () => insert.run(body),
    close: async () => void database.close(),
  };
}

/** One row, one commit, as many connections as calls at a time. */
async function postgres(url: string, at: number): Promise<Work> {
  const { default: pg } = await importInstalled<{ default: typeof import('pg') }>('pg');
  const pool = new pg.Pool({ connectionString: url, max: at });
  await pool.query('CREATE TABLE IF NOT EXISTS raw (id bigserial PRIMARY KEY, body text NOT NULL)');
  const query = { name: 'raw', text: 'INSERT INTO raw (body) VALUES ($1)', values: [body] };
  return { call: () => pool.query(query), close: () => pool.end() };
}

/** From adding a job until a worker in this process has completed it. */
async function bullmq(url: string, at: number): Promise<Work> {
  const { Queue, Worker } = await importInstalled<typeof import('bullmq')>('bullmq');
  const { Redis } = await importInstalled<typeof import('ioredis')>('ioredis');
  const connections = [0, 1].map(() => new Redis(url, { maxRetriesPerRequest: null }));
  const queue = new Queue('raw', { connection: connections[0]! });
  const worker = new Worker('raw', async () => 1, {
    connection: connections[1]!,
    concurrency: Math.max(at, 1),
  });
  const ended = new Map<string, () => void>();
  const early = new Set<string>();
  worker.on('completed', ({ id = '' }) => {
    const tell = ended.get(id);
    if (!ended.delete(id)) early.add(id);
    tell?.();
  });
  return {
    async call() {
      const { id = '' } = await queue.add('job', { execution_id: 'x' }, { removeOnComplete: true });
      if (!early.delete(id)) await new Promise<void>((resolve) => ended.set(id, resolve));
    },
    async close() {
      await worker.close();
      await queue.close();
      // BullMQ leaves those that it was given.
      for (const connection of connections) connection.disconnect();
    },
  };
}
