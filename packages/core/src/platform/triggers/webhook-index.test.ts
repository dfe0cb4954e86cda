import { expect, test, vi } from 'vitest';
import type { WorkflowStore } from '../../ports/workflow-store.ts';
import { WallClock } from '../schedules/testing/wall-clock.ts';
import type { WorkflowCache } from '../workflow-cache.ts';
import { WebhookIndex } from './webhook-index.ts';

test('what other processes edit is seen within seconds, also when the clock was set back by hours', async () => {
  const list = vi.fn(async () => ({ results: [], count: 0 }));
  const clock = new WallClock();
  const workflows = { list } as unknown as WorkflowStore;
  const index = new WebhookIndex(workflows, {} as WorkflowCache, clock, { log: () => undefined });
  for (let time = 0; time < 2; time++) await index.find('orders');
  expect(list).toHaveBeenCalledTimes(1);
  clock.shift(-3 * 3_600_000);
  await index.find('orders');
  expect(list).toHaveBeenCalledTimes(2);
});
