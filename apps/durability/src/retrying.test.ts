import type { WorkflowDocument } from '@vwmp/core';
import { describe, expect, it } from 'vitest';
import { ended, openOver, statusOf, testPlugin, waiting, workflow } from './testing/memory-place.ts';
import { usePlaces } from './testing/use-places.ts';

const createPlace = usePlaces();

describe('retrying', () => {
  const steps = (value: unknown): WorkflowDocument['steps'] => [
    { id: 'a', handler: 'test.count' },
    { id: 'b', handler: 'test.count', dependencies: ['a'] },
    value === undefined
      ? { id: 'c', handler: 'core.fail', dependencies: ['b'] }
      : { id: 'c', handler: 'core.set', dependencies: ['b'], config: { value } },
    { id: 'd', handler: 'test.count', dependencies: ['c'] },
  ];

  it('keeps what had succeeded, and runs the rest with the corrected document', async () => {
    const place = createPlace();
    const ran: string[] = [];
    const platform = await openOver(place, {
      plugins: [testPlugin({ count: ({ step }) => void ran.push(step.id) })],
    });
    const first = await platform.start(workflow(steps(undefined)));
    await expect(platform.retry('nobody')).rejects.toMatchObject({ code: 'EXECUTION_NOT_FOUND' });
    await ended(place, first.execution_id);
    const second = await platform.retry(first.execution_id, { workflow: workflow(steps('mended')) });
    await ended(place, second.execution_id);
    expect(ran).toEqual(['a', 'b', 'd']);
    expect(await platform.execution(second.execution_id)).toMatchObject({
      status: 'success',
      steps: { c: { output: 'mended' } },
    });
    expect((await place.storage.executions.get(second.execution_id))!.origin).toMatchObject({
      retry_of: first.execution_id,
    });
    await expect(platform.retry(second.execution_id)).rejects.toMatchObject({ code: 'RETRY_INVALID' });
    await expect(platform.retry(second.execution_id, { from: 'x' })).rejects.toMatchObject({
      code: 'RETRY_INVALID',
    });
    const third = await platform.retry(second.execution_id, { from: 'b' });
    await ended(place, third.execution_id);
    expect(ran).toEqual(['a', 'b', 'd', 'b', 'd']);
    expect(await statusOf(place, first.execution_id)).toBe('failed');
  });

  it('happens once under a key, however often it is asked for', async () => {
    const place = createPlace();
    const ran: string[] = [];
    const platform = await openOver(place, {
      plugins: [testPlugin({ count: ({ step }) => void ran.push(step.id) })],
    });
    const first = await platform.start(workflow(steps(undefined)));
    await ended(place, first.execution_id);
    const again = () =>
      platform.retry(first.execution_id, { idempotencyKey: 'once', workflow: workflow(steps('mended')) });
    const all = await Promise.all([again(), again(), again()]);
    expect(all.filter(({ created }) => created)).toHaveLength(1);
    const { execution_id } = all[0]!;
    await ended(place, execution_id);
    expect(await again()).toEqual({ execution_id, created: false });
    expect(new Set(all.map((each) => each.execution_id)).size).toBe(1);
    expect(ran).toEqual(['a', 'b', 'd']);
    const refused = platform.retry(first.execution_id, { idempotencyKey: '' });
    await expect(refused).rejects.toMatchObject({ code: 'VALUE_INVALID' });
  });

  it('makes the output alone again where only that could not be made', async () => {
    const place = createPlace();
    const ran: string[] = [];
    const platform = await openOver(place, {
      plugins: [testPlugin({ count: ({ step }) => void ran.push(step.id) })],
    });
    const counting = (output: string) => workflow([{ id: 'a', handler: 'test.count' }], { output });
    const first = await platform.start(counting('${steps.a.output.missing}'));
    expect(await platform.wait(first.execution_id)).toMatchObject({ status: 'failed' });
    const second = await platform.retry(first.execution_id, {
      workflow: counting('${steps.a.status}'),
    });
    expect(await platform.wait(second.execution_id)).toMatchObject({ status: 'success', output: 'success' });
    expect(ran).toEqual(['a']);
  });

  it.each([
    ['condition', { when: '${1 > 2}' }, { when: '${2 > 1}' }, 'success'],
    ['switch', { enabled: false }, { enabled: true }, 'success'],
    ['name alone', { when: '${1 > 2}', name: 'Old' }, { when: '${1 > 2}', name: 'New' }, 'skipped'],
  ])('decides anew on a step that was skipped when its %s is corrected', async (_, before, after, then) => {
    const place = createPlace();
    const platform = await openOver(place);
    const set = { handler: 'core.set', config: { value: 1 } };
    const document = (change: object, last: { handler: string }): WorkflowDocument =>
      workflow([
        { id: 'a', ...set, ...change },
        { id: 'b', ...last },
      ]);
    const first = await platform.start(document(before, { handler: 'core.fail' }));
    expect((await platform.wait(first.execution_id))?.steps.a?.status).toBe('skipped');
    const second = await platform.retry(first.execution_id, { workflow: document(after, set) });
    expect((await platform.wait(second.execution_id))?.steps.a?.status).toBe(then);
  });

  it('needs an execution that has ended', async () => {
    const place = createPlace();
    const platform = await openOver(place);
    const { execution_id } = await platform.start(waiting);
    await expect(platform.retry(execution_id)).rejects.toMatchObject({ code: 'RETRY_INVALID' });
  });
});
