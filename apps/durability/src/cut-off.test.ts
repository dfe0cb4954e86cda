import { VwmpError } from '@vwmp/core';
import { createMemoryQueue } from '@vwmp/queue-memory';
import { expect, test } from 'vitest';
import { overlay } from './testing/freezing-storage.ts';
import {
  createMemoryPlace,
  ended,
  openOver,
  statusOf,
  testPlugin,
  workflow,
} from './testing/memory-place.ts';

test('an execution that the queue could not be told of is looked for soon, and not only with the next lease', async () => {
  const place = createMemoryPlace();
  const { clock } = place;
  const queue = createMemoryQueue({ clock });
  let refused = 0;
  const cutOff = overlay(queue, {
    async enqueue(name, task, options) {
      if (refused++ > 0) return await queue.enqueue(name, task, options);
      throw new VwmpError('QUEUE_UNAVAILABLE', 'The queue is away.', { retryable: true });
    },
  });
  const platform = await openOver(place, { queue: cutOff, plugins: [testPlugin({ act: () => 1 })] });
  // What has a key goes through the queue.
  const { execution_id } = await platform.start(
    workflow([{ id: 'only', handler: 'test.act' }], { concurrency: { key: 'one' } }),
  );
  expect(refused).toBe(1);
  expect(await statusOf(place, execution_id)).toBe('pending');
  await clock.advance(2000);
  await ended(place, execution_id, 5000);
  expect(refused).toBe(2);
  await platform.close();
});
