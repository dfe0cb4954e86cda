import { expect, test } from 'vitest';
import { createProject } from '../../testing/platform.ts';

test.each([
  ['list'],
  ['pause', 'executions'],
  ['resume', 'executions'],
  ['dead', 'executions'],
  ['retry', 'executions', '1'],
  ['discard', 'executions', '1'],
])('%s says of queues in memory that it cannot see them', async (...args) => {
  const project = createProject();
  await project.ok(['db', 'migrate']);
  const { code, stdout, stderr } = await project.run(['queues', ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(
    'in the memory of each process (VWMP_QUEUE_BACKEND=memory), which no other process can see',
  );
});

test('Redis that is away is no empty list', async () => {
  const project = createProject({}, { VWMP_QUEUE_BACKEND: 'redis', VWMP_REDIS_URL: 'redis://127.0.0.1:1' });
  await project.ok(['db', 'migrate']);
  const { code, stdout, stderr } = await project.run(['queues', 'list']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/(QUEUE|BUS)_UNAVAILABLE/);
});
