import type { Page, Storage, WorkflowRecord } from '@vwmp/core/ports';
import { future, long, message, pending } from './execution-store/situations.ts';
import { keyOf } from './key-store.ts';
import { completion, creation, draftOf, nastyTexts, progress, second } from './samples.ts';
import { collect } from './suite.ts';

/** Puts something of every kind into a storage; `prefix` begins every id. */
export async function fill(storage: Storage, prefix = 'x'): Promise<void> {
  const id = (name: string): string => `${prefix}-${name}`;
  const { executions, workflows, schedules, logs, audit, keys } = storage;
  const concurrency = { key: id('k'), limit: 1, policy: 'queue' as const };

  await executions.heartbeat(id('w'), long);
  const owned = { ...creation(id('owned')), owner: id('w') };
  await executions.append({
    ...owned,
    origin: { idempotency_key: id('key'), sealed: 'sealed', priority: 3 },
  });
  await executions.append({ ...creation(id('parked')), wake_at: future(3).iso });
  await executions.append(progress(id('parked'), 1, 7));
  const parent = { execution_id: id('owned'), step_id: 'a', index: 0, attached: true };
  await executions.append({
    ...creation(id('ended'), { started_at: second(9) }),
    origin: { parent, depth: 1 },
  });
  const error = { code: 'HANDLER_ERROR', message: 'nothing worked' };
  await executions.append(completion(id('ended'), 1, { status: 'failed', error, started_at: second(9) }));
  for (const name of ['first', 'second', 'third'])
    await executions.append(pending(id(name), { concurrency }));
  await executions.post(message(id('m1'), id('owned'), { texts: [...nastyTexts] }));
  await executions.post(message(id('m2'), id('third')));

  const { rev } = await workflows.save(draftOf(id('w1'), { note: '1' }), undefined);
  await workflows.save(draftOf(id('w1'), { note: '2 ü' }), rev);
  const removed = await workflows.save(draftOf(id('w2')), undefined);
  await workflows.remove(id('w2'), removed.rev);

  await schedules.put({
    ...{ id: id('s1'), workflow_id: id('w1'), schedule: '0 * * * *', timezone: 'UTC' },
    ...{ overlap: 'skip', catchup: 'all', parameters: { a: 1 }, paused: true, decided_until: second(0) },
  });
  const fire = { schedule_id: id('s1'), decided_at: second(11) };
  await schedules.decide(id('s1'), second(0), second(10), [
    { ...fire, at: second(5), outcome: 'started', execution_id: id('owned') },
    { ...fire, at: second(10), outcome: 'missed', reason: 'nobody was there' },
  ]);
  const entry = { timestamp: second(1), level: 'warn' as const, message: 'ü\0', step_id: 'a', index: 2 };
  await logs.add([
    { ...entry, execution_id: id('owned'), data: { a: [null] } },
    { execution_id: id('ended'), timestamp: second(2), level: 'info', message: 'plain' },
    { ...entry, execution_id: id('owned') },
  ]);
  await audit.add({ at: second(1), actor: 'a', action: 'b', subject: id('s'), details: { text: 'ü' } });
  await audit.add({ at: second(2), actor: 'a', action: 'c', subject: id('s') });
  await keys.add(keyOf(id('k1'), { name: 'ü', expires_at: second(9) }));
  await keys.used(id('k1'), second(3));
  await keys.add(keyOf(id('k2'), { role: 'viewer' }));
  await keys.revoke(id('k2'), second(4));
}

/** All that can be read of what {@link fill} put in. Times that a store takes from its own clock are left out. */
export async function contentsOf(storage: Storage): Promise<unknown> {
  const { executions, workflows, schedules, logs, audit, keys } = storage;
  const list = await executions.list({ limit: 500 });
  const each = await Promise.all(
    list.results.map(async ({ id }) => {
      const { wake_at, ...record } = (await executions.get(id))!;
      return {
        record: { ...record, ...(wake_at === future(3).iso && { wake_at }) },
        events: await collect(executions.events(id)),
        messages: await executions.messages(id),
        logs: await logs.list(id),
        children: await executions.list({ parent_id: id }),
      };
    }),
  );
  const prefixes = new Set(list.results.map(({ id }) => id.split('-')[0]!));
  const keyed = [...prefixes].map(async (prefix) => ({
    key: await executions.findByKey('sample', `${prefix}-key`),
    line: await executions.list({ concurrency_key: `${prefix}-k` }),
  }));
  const stored = await workflows.list();
  const versions = await Promise.all(stored.results.map(({ id }) => workflows.versions(id)));
  const planned = await schedules.list();
  const fires = await Promise.all(planned.results.map(({ id }) => schedules.fires(id)));
  const failed = await executions.list({ q: 'nothing worked', status: ['failed'] });
  const ready = (await executions.ready(future(9).at, 500)).filter((id) => !id.endsWith('-owned'));
  return {
    ...{ list, each, keyed: await Promise.all(keyed), failed, ready: ready.sort() },
    ...{ workflows: plain(stored), versions: versions.map(plain), schedules: planned, fires },
    audit: await audit.list(),
    keys: await keys.list(),
  };
}

/** Without what a store gives by itself. */
function plain({ results, count }: Page<WorkflowRecord>): unknown {
  return { results: results.map(({ rev: _rev, updated_at: _at, ...rest }) => rest), count };
}
