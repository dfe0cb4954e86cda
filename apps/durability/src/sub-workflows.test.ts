import type { WorkflowDocument } from '@vwmp/core';
import { describe, expect, it } from 'vitest';
import { ended, openOver, save, testPlugin, until, workflow } from './testing/memory-place.ts';
import { usePlaces } from './testing/use-places.ts';

const createPlace = usePlaces();

describe('sub-workflows', () => {
  const parent = (config: Record<string, unknown> = {}): WorkflowDocument =>
    workflow([{ id: 'child', handler: 'core.workflow', config: { workflow: 'child', ...config } }], {
      output: '${steps.child.output}',
    });
  const child = (steps: WorkflowDocument['steps']): WorkflowDocument => ({
    id: 'child',
    name: 'child',
    output: 'done',
    steps,
  });

  it('give their output to the step that started them, which holds nothing meanwhile', async () => {
    const place = createPlace();
    await save(place, child([{ id: 'wait', handler: 'core.wait', config: { signal: 'go' } }]));
    const platform = await openOver(place);
    const { execution_id: id } = await platform.start(parent());
    await until(async () => (await place.storage.executions.list({ status: ['waiting'] })).count === 2);
    const [started] = (await place.storage.executions.list({ parent_id: id })).results;
    await platform.signal(started!.id, 'go');
    await ended(place, id);
    expect(await platform.execution(id)).toMatchObject({ status: 'success', output: 'done' });
  });

  it('tell of their failure', async () => {
    const place = createPlace();
    await save(place, child([{ id: 'fail', handler: 'core.fail', config: { code: 'NO_STOCK' } }]));
    const platform = await openOver(place);
    const { execution_id: id } = await platform.start(parent());
    await ended(place, id);
    expect(await platform.execution(id)).toMatchObject({
      status: 'failed',
      steps: { child: { error: { code: 'CHILD_FAILED' } } },
    });
  });

  it('end with the execution that started them', async () => {
    const place = createPlace();
    await save(place, child([{ id: 'wait', handler: 'core.wait', config: { signal: 'go' } }]));
    const platform = await openOver(place);
    const { execution_id: id } = await platform.start(parent());
    await until(async () => (await place.storage.executions.list({ status: ['waiting'] })).count === 2);
    await platform.cancel(id);
    await until(async () => (await place.storage.executions.list({ status: ['cancelled'] })).count === 2);
  });

  it('are not started twice when the step that started them is run again', async () => {
    const place = createPlace();
    await save(place, child([{ id: 'a', handler: 'core.set', config: { value: 1 } }]));
    const gate = Promise.withResolvers<void>();
    let runs = 0;
    const plugins = [
      testPlugin({
        start: async ({ executions }) => {
          const id = await executions.start('child', {});
          if (++runs === 1) await gate.promise;
          return id;
        },
      }),
    ];
    const first = await openOver(place, { plugins });
    const { execution_id: id } = await first.start(workflow([{ id: 's', handler: 'test.start' }]));
    await until(async () => (await place.storage.executions.list({ parent_id: id })).count === 1);
    const closing = first.close();
    await place.clock.advance(first.settings.worker.gracePeriod);
    await closing;
    await openOver(place, { plugins });
    await ended(place, id);
    expect(runs).toBe(2);
    expect((await place.storage.executions.list({ parent_id: id })).count).toBe(1);
  });
});
