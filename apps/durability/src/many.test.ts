import { afterAll, expect, it } from 'vitest';
import { startChild } from './testing/child.ts';
import { createGround } from './testing/ground.ts';
import { pair } from './testing/pairs.ts';
import type { ParkedArguments } from './testing/parked-child.ts';
import type { RecoveryArguments } from './testing/recovery-child.ts';

const ground = createGround();
afterAll(ground.clear);

const many = 100_000;

it('holds nothing of 100,000 parked executions', { timeout: 300_000 }, async () => {
  const place = await pair('sqlite', 'memory').place(ground);
  const given: ParkedArguments = { place, counts: [many / 10, many] };
  const child = startChild('parked-child.ts', given, { flags: ['--expose-gc'] });
  const few = JSON.parse(await child.said(`parked ${many / 10} `)) as { owned: number; heap: number };
  const all = JSON.parse(await child.said(`parked ${many} `)) as { owned: number; heap: number };
  await child.said('closed');
  expect([few.owned, all.owned]).toEqual([0, 0]);
  // 50 bytes for each would be seen.
  expect(all.heap / few.heap).toBeLessThan(1.15);
  await child.kill();
});

it('recovers 100,000 interrupted executions a few at a time', { timeout: 300_000 }, async () => {
  const place = await pair('sqlite', 'memory').place(ground);
  const child = startChild('recovery-child.ts', { place, count: many } satisfies RecoveryArguments);
  const { peak, waiting, left } = JSON.parse(await child.said('recovered ')) as Record<string, number>;
  await child.said('closed');
  // As many as the worker works on at a time, and a few pages of what is handed out.
  expect(peak).toBeLessThanOrEqual(16);
  expect(waiting).toBeLessThanOrEqual(1000);
  expect(left).toBe(0);
  await child.kill();
});
