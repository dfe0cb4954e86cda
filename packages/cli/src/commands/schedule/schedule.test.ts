import type { ScheduleRecord } from '@vwmp/core';
import type { ScheduleExplanation } from '@vwmp/core/platform';
import { describe, expect, test } from 'vitest';
import { createProject, type TestProject } from '../../testing/platform.ts';
import { workflow } from '../../testing/vwmp.ts';

type Listed = ScheduleRecord & { next?: string };

const steps = [{ id: 'a', handler: 'core.set', config: { value: 1 } }];
const nightly = workflow(steps, {
  id: 'nightly',
  triggers: [{ schedule: '0 2 * * *', timezone: 'Europe/Berlin', catchup: 'last' }],
});
const double = workflow(steps, {
  id: 'double',
  triggers: [{ schedule: '*/5 * * * *' }, { schedule: '*/7 * * * *' }],
});

async function stored(): Promise<TestProject> {
  const project = createProject({ 'nightly.yaml': nightly, 'double.yaml': double });
  await project.ok(['workflows', 'save', 'nightly.yaml', 'double.yaml']);
  return project;
}

test('those of stored workflows are listed with their next fire', async () => {
  const project = await stored();
  const listed = await project.json<Listed[]>(['schedule', 'list']);
  expect(listed.map(({ workflow_id, schedule }) => [workflow_id, schedule])).toEqual(
    expect.arrayContaining([
      ['nightly', '0 2 * * *'],
      ['double', '*/5 * * * *'],
      ['double', '*/7 * * * *'],
    ]),
  );
  for (const { next = '' } of listed) expect(Date.parse(next)).toBeGreaterThan(Date.now() - 60_000);
  expect(await project.json(['schedule', 'list', '--workflow', 'nightly'])).toHaveLength(1);
  expect(await project.ok(['schedule', 'list'])).toMatch(
    /nightly~\S+ +nightly +0 2 \* \* \* +Europe\/Berlin +✔ active +\d{4}-\S+Z/,
  );
  const [{ id } = { id: '' }] = await project.json<Listed[]>(['schedule', 'list', '-w', 'nightly']);
  expect(await project.ok(['schedule', 'list', '--ids', '-w', 'nightly'])).toBe(id);
  await project.ok(['workflows', 'remove', 'nightly']);
  expect(await project.json(['schedule', 'list', '-w', 'nightly'])).toEqual([]);
  const { stderr } = await project.run(['schedule', 'list', '-w', 'nightly']);
  expect(stderr).toContain('There are no schedules of a stored workflow "nightly".');
});

test('explain shows the next times in UTC and in the zone, and what became of the last ones', async () => {
  const project = await stored();
  const ids = (await project.ok(['schedule', 'list', '--ids', '-w', 'nightly'])).split('\n');
  const at = (day: string): string => `2026-01-${day}T01:00:00.000Z`;
  await project.seed(async ({ schedules }) => {
    const record = (await schedules.get(ids[0]!))!;
    const fire = { schedule_id: record.id, decided_at: at('09') };
    await schedules.decide(record.id, record.decided_until, new Date().toISOString(), [
      { ...fire, at: at('08'), outcome: 'started', execution_id: 'e1' },
      { ...fire, at: at('09'), outcome: 'missed', reason: 'Nobody was there.' },
    ]);
  });
  const text = await project.ok(['schedule', 'explain', 'nightly', '--next', '2']);
  expect(text).toMatch(/^nightly~\S+ +✔ active$/m);
  expect(text).toMatch(/catchup +last +of the times that nobody was there for, the last one starts/);
  expect(text.match(/^ +· \S+T0[01]:00:00\.000Z +\S+T02:00:00\+0[12]:00 +in /gm)).toHaveLength(2);
  expect(text).toMatch(/↷ 2026-01-09T01:00:00\.000Z +2026-01-09T02:00:00\+01:00 +missed +Nobody was there\./);
  expect(text).toMatch(/✔ 2026-01-08T01:00:00\.000Z +\S+ +started +e1/);
  const json = await project.json<ScheduleExplanation>([
    'schedule',
    'explain',
    ids[0]!.slice(0, 9),
    '--last',
    '1',
  ]);
  expect(json.last.map(({ outcome }) => outcome)).toEqual(['missed']);
  expect(json.next).toHaveLength(5);
});

test('a paused one starts nothing until it is resumed', async () => {
  const project = await stored();
  expect(await project.ok(['schedule', 'pause', 'nightly'])).toMatch(/nightly~\S+ is paused/);
  expect(await project.ok(['schedule', 'pause', 'nightly'])).toContain('is already paused');
  expect(await project.ok(['schedule', 'list', '-w', 'nightly'])).toContain('◷ paused');
  const facts = await project.ok(['schedule', 'explain', 'nightly', '--next', '0', '--last', '0']);
  expect(facts).not.toMatch(/Next|never|Last/);
  expect(await project.ok(['schedule', 'explain', 'nightly'])).toContain('nothing starts while it is paused');
  expect(await project.json(['schedule', 'resume', 'nightly'])).toMatchObject({ paused: false });
  expect(await project.ok(['schedule', 'list', '-w', 'nightly'])).toContain('✔ active');
});

test('a worker starts what is due', async () => {
  const project = createProject({
    'w.yaml': workflow(steps, { triggers: [{ schedule: '* * * * *', catchup: 'last' }] }),
  });
  await project.ok(['workflows', 'save', 'w.yaml']);
  await project.seed(async ({ schedules }) => {
    const [record] = (await schedules.list()).results;
    await schedules.remove(record!.id);
    await schedules.put({ ...record!, decided_until: new Date(Date.now() - 3_600_000).toISOString() });
  });
  const due = await project.json<ScheduleExplanation>(['schedule', 'explain', 'w']);
  expect(due.due.at(-1)).toMatchObject({ outcome: 'start' });
  await project.worker();
  let explained = due;
  while (!explained.last.some(({ outcome }) => outcome === 'started'))
    explained = await project.json<ScheduleExplanation>(['schedule', 'explain', 'w']);
  const started = explained.last.find(({ outcome }) => outcome === 'started')!;
  await project.until(started.execution_id!, ({ status }) => status === 'success');
});

describe('what is not there is refused', () => {
  test.each([
    [['explain', 'nope'], 'There is no schedule whose id is or begins with "nope"'],
    [['explain', ''], 'There is no schedule whose id is or begins with ""'],
    [['pause', 'double'], 'Several schedules fit "double": '],
    [['resume', 'x'], 'There is no schedule'],
    [['explain', 'nightly', '--next', '-1'], 'needs N'],
    [['explain', 'nightly', '--last', 'all'], '--last is "all"'],
  ])('%j', async (args, message) => {
    const project = await stored();
    const { code, stdout, stderr } = await project.run(['schedule', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
