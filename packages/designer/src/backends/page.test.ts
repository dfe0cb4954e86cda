import { expect, it } from 'vitest';
import { createPageBackend } from './page.ts';

const text = (id: string, value: string): string =>
  `id: ${id}\nname: ${id}\nsteps:\n  - id: a\n    handler: core.set\n    config: { value: ${value} }\n`;

it('keeps versions, refuses stale saves and runs what is stored', async () => {
  const backend = createPageBackend({ documents: [text('one', '1')] });
  const first = await backend.readWorkflow('one');
  const second = await backend.saveWorkflow('one', text('one', '2'), first.rev);
  await expect(backend.saveWorkflow('one', text('one', '3'), first.rev)).rejects.toMatchObject({
    code: 'REV_CONFLICT',
  });
  expect((await backend.listVersions('one')).results.map(({ rev }) => rev)).toEqual([second.rev, first.rev]);
  await expect(backend.deleteWorkflow('one', first.rev)).rejects.toMatchObject({ code: 'REV_CONFLICT' });
  const id = await backend.execute('one', {});
  const seqs: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  backend.watchExecution(id, 0, {
    onEvent(event) {
      seqs.push(event.seq);
      if (event.event === 'workflow_completed') resolve();
    },
  });
  await promise;
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  expect(await backend.readExecution(id)).toMatchObject({ status: 'success', steps: { a: { output: 2 } } });
  expect((await backend.listExecutions({ workflow: 'one' })).results).toHaveLength(1);
  expect((await backend.listExecutions({ status: ['failed'] })).results).toHaveLength(0);
});

it('answers no other question than the one that was asked', async () => {
  const backend = createPageBackend({
    documents: [
      'id: ask\nname: Ask\nsteps:\n  - { id: a, handler: core.approval, config: { prompt: Well? } }\n',
    ],
  });
  const id = await backend.execute('ask', {});
  const asked = await new Promise<number>((resolve) => {
    backend.watchExecution(id, 0, {
      onEvent: ({ event, seq }) => event === 'step_waiting' && resolve(seq),
    });
  });
  await expect(backend.decideApproval(id, 'a', { approved: true }, asked - 1)).rejects.toMatchObject({
    code: 'STEP_NOT_WAITING',
  });
  await backend.decideApproval(id, 'a', { approved: true }, asked);
  await expect.poll(async () => (await backend.readExecution(id)).status).toBe('success');
});
