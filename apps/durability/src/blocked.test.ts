import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { BlockingArguments } from './testing/blocking-worker.ts';
import { startChild } from './testing/child.ts';
import { createGround } from './testing/ground.ts';
import { pairs } from './testing/pairs.ts';
import { makePlatform } from './testing/place.ts';
import { expectAllEndedOnce } from './testing/verdict.ts';

const ground = createGround();
afterAll(ground.clear);

const durable = pairs.filter(({ survives }) => survives).map((pair) => [pair.name, pair] as const);

it.each(durable)(
  '%s: a worker that blocks its event loop past its lease cannot commit',
  async (_name, pair) => {
    const place = await pair.place(ground);
    const until = join(ground.folder(), 'go-on');
    const first = startChild('blocking-worker.ts', {
      place,
      name: 'first',
      until,
    } satisfies BlockingArguments);
    await first.said('open');
    first.process.kill('SIGUSR2');
    await first.said('runs first');

    // Its lease ends while it can do nothing about it.
    const second = startChild('blocking-worker.ts', { place, name: 'second' } satisfies BlockingArguments);
    await second.said('runs second');
    const platform = await makePlatform({ ...place, VWMP_IN_PROCESS_WORKER: 'false' });
    await platform.open();
    expect(await platform.wait('first-1')).toMatchObject({ status: 'success', output: 'second' });

    writeFileSync(until, '');
    await first.said('warn: Another worker has taken over');
    expect(await platform.execution('first-1')).toMatchObject({ status: 'success', output: 'second' });
    // It goes on with what others have not taken.
    first.process.kill('SIGUSR2');
    await expect.poll(() => platform.execution('first-2')).toBeDefined();
    expect(await platform.wait('first-2')).toMatchObject({ status: 'success' });
    await expectAllEndedOnce(platform.storage);
    await Promise.all([first.kill(), second.kill()]);
    await platform.close();
  },
);
