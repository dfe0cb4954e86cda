import { userInfo } from 'node:os';
import type { AuditRecord } from '@vwmp/core';
import { createFileStorage } from '@vwmp/core/file';
import { expect, test } from 'vitest';
import { createProject, type TestProject } from '../testing/platform.ts';
import { workflow } from '../testing/vwmp.ts';

const actor = `${userInfo().username} (vwmp)`;

/** All records, first first: who did what to what. */
async function audited(project: TestProject): Promise<AuditRecord[]> {
  let records: AuditRecord[] = [];
  await project.seed(async ({ audit }) => {
    records = [...(await audit.list({ limit: 100 })).results].reverse();
  });
  return records;
}

test('what is done to workflows and schedules is in the audit log, with its user', async () => {
  const steps = [{ id: 'a', handler: 'core.set', config: { value: 1 } }];
  const text = workflow(steps, { id: 'nightly', triggers: [{ schedule: '0 2 * * *' }] });
  const project = createProject({ 'nightly.yaml': text });
  interface Saved {
    rev: string;
  }
  const [first] = await project.json<Saved[]>(['workflows', 'save', 'nightly.yaml']);
  await project.ok(['workflows', 'save', 'nightly.yaml']);
  project.write('nightly.yaml', `# Second.\n${text}`);
  const [second] = await project.json<Saved[]>(['workflows', 'save', 'nightly.yaml']);
  const [schedule] = await project.json<{ id: string }[]>(['schedule', 'list']);
  await project.ok(['schedule', 'pause', 'nightly']);
  await project.ok(['schedule', 'resume', 'nightly']);
  await project.ok(['workflows', 'remove', 'nightly']);
  const records = await audited(project);
  expect(records.map(({ action, subject, details }) => [action, subject, details])).toEqual([
    ['workflow.created', 'nightly', { rev: first!.rev }],
    ['workflow.saved', 'nightly', { rev: second!.rev, replaces: first!.rev }],
    ['schedule.paused', schedule!.id, undefined],
    ['schedule.resumed', schedule!.id, undefined],
    ['workflow.deleted', 'nightly', { rev: second!.rev }],
  ]);
  expect(new Set(records.map((each) => each.actor))).toEqual(new Set([actor]));
});

test('what is done to executions is in the audit log, without payloads and values', async () => {
  const steps = [
    { id: 'ask', handler: 'core.approval', config: { prompt: 'Go?' } },
    { id: 'wait', handler: 'core.wait', config: { signal: 'go' } },
  ];
  const project = createProject({
    'w.yaml': workflow(steps),
    'fails.yaml': workflow([{ id: 'a', handler: 'core.fail', config: { message: 'No.' } }], { id: 'fails' }),
  });
  await project.ok(['workflows', 'save', 'w.yaml']);
  const id = await project.ok(['start', 'w', '--key', 'once']);
  expect(await project.ok(['start', 'w', '--key', 'once'])).toBe(id);
  const failing = await project.ok(['start', 'fails.yaml']);
  const worker = await project.worker();
  await project.until(id, ({ waits }) => waits.length === 2);
  await project.ok(['executions', 'approve', id, '--by', 'Ada', '--comment', 'fine', '--values', '{}']);
  await project.ok(['executions', 'signal', id, 'go', '{"pin": "open sesame"}']);
  await project.until(failing, ({ status }) => status === 'failed');
  const { execution_id } = await project.json<{ execution_id: string }>(['executions', 'retry', failing]);
  worker.child.kill('SIGTERM');
  await worker.outcome;
  const last = await project.ok(['start', 'w']);
  await project.ok(['executions', 'cancel', last, '--reason', 'too late']);
  const records = await audited(project);
  expect(records.map(({ action, subject, details }) => [action, subject, details]).slice(1)).toEqual([
    ['execution.started', id, { workflow_id: 'w' }],
    ['execution.started', failing, undefined],
    ['approval.decided', id, { step: 'ask', approved: true, by: 'Ada', comment: 'fine' }],
    ['execution.signalled', id, { signal: 'go' }],
    ['execution.retried', failing, { execution_id }],
    ['execution.started', last, { workflow_id: 'w' }],
    ['execution.cancelled', last, { reason: 'too late' }],
  ]);
  expect(new Set(records.map((each) => each.actor))).toEqual(new Set([actor]));
  expect(JSON.stringify(records)).not.toContain('sesame');
});

test('that a secret was changed is in the audit log of the store beside it', async () => {
  const project = createProject();
  // Nothing is made for a record alone.
  await project.ok(['secrets', 'set', 'EARLY'], { input: 'open sesame\n' });
  expect(project.text('vwmp.db')).toBe('');
  await project.ok(['db', 'migrate']);
  await project.ok(['secrets', 'set', 'TOKEN'], { input: 'open sesame\n' });
  await project.ok(['secrets', 'remove', 'TOKEN']);
  const records = await audited(project);
  expect(records.map(({ action, subject }) => [action, subject])).toEqual([
    ['secret.set', 'TOKEN'],
    ['secret.removed', 'TOKEN'],
  ]);
  expect(JSON.stringify(records)).not.toContain('sesame');
});

test('what the audit log cannot take is done, and said', async () => {
  const project = createProject({ 'vwmp.db': 'no database' });
  const { code, stdout, stderr } = await project.run(['secrets', 'set', 'TOKEN'], { input: 'open sesame\n' });
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('TOKEN set') });
  expect(stderr).toContain('It is done, and the audit log does not have it: ');
  expect(await project.ok(['secrets', 'list'])).toBe('TOKEN');
});

test('a document of a folder in which nothing was executed yet is removed on record', async () => {
  const files = { 'flows/w.yaml': workflow([{ id: 'a', handler: 'core.set', config: { value: 1 } }]) };
  const env = { VWMP_DATABASE_BACKEND: 'file', VWMP_FILE_PATH: 'flows', VWMP_SQLITE_PATH: '' };
  const project = createProject(files, env);
  await project.ok(['workflows', 'remove', 'w']);
  const storage = createFileStorage({ folder: project.path('flows') });
  await storage.open();
  const { results } = await storage.audit.list();
  await storage.close();
  expect(results).toMatchObject([{ actor, action: 'workflow.deleted', subject: 'w' }]);
});
