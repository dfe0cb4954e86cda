import { copyFileSync, cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ExecutionStore } from '../../ports/execution-store.ts';
import { completion, creation, progress } from '../testing/samples.ts';
import { createFileExecutionStore } from './execution-store.ts';
import type { HistoryLine } from './history.ts';
import { readLog } from './log-reader.ts';
import { startChild } from './testing/child.ts';
import { removeFolder, temporaryFolder } from './testing/folder.ts';
import { historyFile, readHistory } from './testing/history.ts';

const exchangeOn = new URL('./testing/exchange-on.ts', import.meta.url);
let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

async function withStore<T>(work: (store: ExecutionStore) => Promise<T>): Promise<T> {
  const store = createFileExecutionStore({ folder });
  await store.open();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Every message that ever reached an execution, in order. */
async function everPosted(id: string): Promise<string[]> {
  const posted: string[] = [];
  for await (const { body } of readLog<HistoryLine>(historyFile(folder, id)))
    posted.push(...(body.posted ?? []).map((message) => message.id));
  return posted;
}

test('of processes that are killed while their executions tell each other nothing is lost or told twice', {
  timeout: 120_000,
}, async () => {
  await withStore((store) => store.append(creation('receiver')));
  for (const [round, acknowledgements] of [3, 20, 41, 75].entries()) {
    const children = ['a', 'b'].map((name) => startChild(exchangeOn, [folder, `${name}${round}`, '3']));
    const acknowledged: string[] = [];
    const watch = async ({ lines, process, ended }: (typeof children)[number]): Promise<void> => {
      for await (const line of lines) {
        acknowledged.push(line.replace(' ', '.'));
        if (acknowledged.length >= acknowledgements) process.kill('SIGKILL');
      }
      process.kill('SIGKILL');
      expect(await ended).toMatchObject({ signal: 'SIGKILL', errors: '' });
    };
    await Promise.all(children.map(watch));

    // What is opened next delivers what they left undelivered.
    await withStore(async () => undefined);
    const posted = await everPosted('receiver');
    expect(new Set(posted).size).toBe(posted.length);
    const sent: string[] = [];
    for (const sender of ['a', 'b'].flatMap((name) => [0, 1, 2].map((n) => `${name}${round}-${n}`))) {
      const events = await readHistory(folder, sender);
      const own = events.slice(1).map(({ seq }) => `${sender}.${seq}`);
      expect(posted.filter((id) => id.startsWith(`${sender}.`))).toEqual(own);
      sent.push(...own);
    }
    expect(acknowledged.filter((id) => !sent.includes(id))).toEqual([]);
  }
});

/** Puts everything back as it was when only the sender's history had been written. */
async function crashBeforeDelivery(): Promise<{ whole: string }> {
  await withStore(async (store) => {
    await store.append(creation('sender'));
    await store.append(creation('receiver'));
  });
  const before = join(folder, 'receiver-before');
  copyFileSync(historyFile(folder, 'receiver'), before);
  await withStore((store) =>
    store.append({
      ...completion('sender', 1),
      messages: [
        { id: 'm1', execution_id: 'receiver', body: 1 },
        { id: 'm2', execution_id: 'receiver', body: 2 },
      ],
    }),
  );
  const whole = join(folder, 'receiver-whole');
  copyFileSync(historyFile(folder, 'receiver'), whole);
  copyFileSync(before, historyFile(folder, 'receiver'));
  const [marker] = readdirSync(join(folder, '.vwmp/active')).filter((name) => name.includes('receiver'));
  const sender = historyFile(folder, 'sender').split('/').slice(-2).join('-').replace('.jsonl', '');
  writeFileSync(join(folder, '.vwmp/active', sender), '');
  expect(marker).toBeDefined();
  return { whole };
}

test('what was not delivered when its sender crashed is delivered by the next process', async () => {
  await crashBeforeDelivery();
  await withStore(async (store) => {
    expect((await store.messages('receiver')).map(({ id }) => id)).toEqual(['m1', 'm2']);
    expect(await store.ready(0, 10)).toEqual(['receiver']);
  });
  expect(readdirSync(join(folder, '.vwmp/active'))).toHaveLength(1);
});

test('it is delivered by a process that is open already, when it looks for work', async () => {
  await crashBeforeDelivery();
  const aside = join(folder, 'aside');
  cpSync(join(folder, '.vwmp'), aside, { recursive: true });
  await withStore(async (store) => {
    // As if the crash came only now.
    cpSync(aside, join(folder, '.vwmp'), { recursive: true });
    await store.heartbeat('w1', 60_000);
    expect(await store.ready(0, 10)).toEqual(['receiver']);
    expect((await store.messages('receiver')).map(({ id }) => id)).toEqual(['m1', 'm2']);
  });
});

test('what was delivered and handled is not delivered again, wherever the delivery was interrupted', async () => {
  const { whole } = await crashBeforeDelivery();
  const file = historyFile(folder, 'receiver');
  const bytes = readFileSync(whole);
  const firstLine = bytes.indexOf('\n') + 1;
  for (let length = firstLine; length <= bytes.length; length += 29) {
    writeFileSync(file, bytes.subarray(0, length));
    await withStore(async (store) => {
      expect((await store.messages('receiver')).map(({ id }) => id)).toEqual(['m1', 'm2']);
      await store.append({ ...progress('receiver', 1), handled: ['m1'] });
    });
    const sender = historyFile(folder, 'sender').split('/').slice(-2).join('-').replace('.jsonl', '');
    writeFileSync(join(folder, '.vwmp/active', sender), '');
    await withStore(async (store) => {
      expect((await store.messages('receiver')).map(({ id }) => id)).toEqual(['m2']);
    });
    writeFileSync(join(folder, '.vwmp/active', sender), '');
  }
});

test('a damaged receiver does not keep others from their work, and gets its messages when it is repaired', async () => {
  await crashBeforeDelivery();
  const file = historyFile(folder, 'receiver');
  const intact = readFileSync(file, 'utf8');
  writeFileSync(file, `${intact.trimEnd()}x\n`);
  const logged: string[] = [];
  const logger = { log: (_level: string, text: string) => void logged.push(text) };
  const store = createFileExecutionStore({ folder, logger });
  await store.open();
  await store.append({ ...creation('other'), wake_at: undefined });
  for (let round = 0; round < 3; round++) expect(await store.ready(0, 10)).toEqual(['other']);
  expect(logged).toHaveLength(2);
  writeFileSync(file, intact);
  expect((await store.ready(0, 10)).sort()).toEqual(['other', 'receiver']);
  expect((await store.messages('receiver')).map(({ id }) => id)).toEqual(['m1', 'm2']);
  await store.close();
});

test('what was not delivered is not pruned away', async () => {
  await crashBeforeDelivery();
  const aside = join(folder, 'aside');
  cpSync(join(folder, '.vwmp'), aside, { recursive: true });
  await withStore(async (store) => {
    cpSync(aside, join(folder, '.vwmp'), { recursive: true });
    expect(await store.prune({ max_count: 0 }, Date.now(), 10)).toBe(1);
    expect((await store.messages('receiver')).map(({ id }) => id)).toEqual(['m1', 'm2']);
  });
});

test('a receiver that was made anew under the same id gets nothing that was meant for the one before', async () => {
  await crashBeforeDelivery();
  const receiver = historyFile(folder, 'receiver');
  const aside = join(folder, 'aside');
  // Made anew elsewhere, so that nothing is delivered on the way.
  const other = temporaryFolder();
  const store = createFileExecutionStore({ folder: other });
  await store.open();
  await store.append(creation('receiver'));
  await store.close();
  copyFileSync(historyFile(other, 'receiver'), aside);
  copyFileSync(aside, receiver);
  removeFolder(other);
  await withStore(async (next) => expect(await next.messages('receiver')).toEqual([]));
});

test('wherever a message or a claim was interrupted, it is there whole or not at all', async () => {
  const file = historyFile(folder, 'e1');
  await withStore(async (store) => {
    await store.append({ ...creation('e1'), wake_at: undefined });
    await store.heartbeat('w1', 600_000);
  });
  for (const change of ['post', 'claim', 'release'] as const) {
    const before = readFileSync(file);
    const stood = await withStore((store) => store.get('e1'));
    await withStore(async (store) => {
      if (change === 'post') await store.post({ id: 'm1', execution_id: 'e1', body: 'x'.repeat(300) });
      if (change === 'claim') expect(await store.claim('e1', 'w1', 0)).toMatchObject({ epoch: 2 });
      if (change === 'release')
        await store.append({ ...progress('e1', 1, 1, 2), owner: null, handled: ['m1'] });
    });
    const whole = readFileSync(file);
    for (let length = before.length; length < whole.length; length += 23) {
      writeFileSync(file, whole);
      truncateSync(file, length);
      await withStore(async (store) => {
        const { wake_at: _, ...record } = (await store.get('e1'))!;
        const { wake_at: __, ...expected } = stood!;
        expect(record).toEqual(expected);
        expect(await store.messages('e1')).toHaveLength(change === 'post' ? 0 : 1);
        // And it goes on.
        await store.post({ id: 'm2', execution_id: 'e1', body: null });
        expect((await store.messages('e1')).at(-1)?.id).toBe('m2');
      });
    }
    writeFileSync(file, whole);
  }
  await withStore(async (store) => expect(await store.messages('e1')).toEqual([]));
});
