import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { creation } from '@vwmp/adapter-tests/samples';
import { expect, test } from 'vitest';
import { createPostgresStorage } from './storage.ts';
import { sql, temporaryDatabase } from './testing/place.ts';
import { verify } from './testing/verify.ts';

interface Worker {
  child: ChildProcess;
  /** How it ended. */
  ended: Promise<string>;
}

function startWorker(url: string, name: string, total: number): Worker {
  const script = join(import.meta.dirname, 'testing', 'worker.ts');
  const child = spawn(process.execPath, ['--conditions=source', script, url, name, String(total)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? (code === 0 ? 'done' : said)));
  });
  return { child, ended };
}

test('eight processes, some of which are killed, carry each execution to its end once', async () => {
  const { url, drop } = await temporaryDatabase();
  const total = 1500;
  const storage = createPostgresStorage({ url });
  await storage.open();
  const ids = Array.from({ length: total }, (_, n) => `e${n}`);
  for (let n = 0; n < total; n += 100) {
    await Promise.all(
      ids
        .slice(n, n + 100)
        .map((id) =>
          storage.executions.append({ ...creation(id, { status: 'pending' }, 0), wake_at: undefined }),
        ),
    );
  }

  let started = 0;
  const start = (): Worker => startWorker(url, `worker-${++started}`, total);
  const workers = Array.from({ length: 8 }, start);
  // Each time that some more have ended, one is killed in the middle of its work, and another one takes its place.
  for (let kills = 1; kills <= 6; kills++) {
    await expect
      .poll(async () => (await storage.executions.list({ status: ['success'], limit: 1 })).count, {
        timeout: 60_000,
      })
      .toBeGreaterThan((kills * total) / 8);
    const victim = workers.shift()!;
    victim.child.kill('SIGKILL');
    expect(['SIGKILL', 'done']).toContain(await victim.ended);
    workers.push(start());
  }
  for (const { ended } of workers) expect(await ended).toBe('done');

  await verify(storage, new Map(ids.map((id) => [id, 5])));
  // No step was committed twice, and no owner is left.
  expect(await sql(url, 'select count(*), max(seq) from events')).toEqual([[String(total * 5), '5']]);
  expect(await sql(url, 'select count(*) from executions where owner is not null')).toEqual([['0']]);
  await storage.close();
  await drop();
}, 180_000);
