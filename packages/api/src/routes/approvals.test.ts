// Which questions are listed, whatever else happens to the executions that ask them.
import type { WorkflowDocument } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { afterEach, expect, it } from 'vitest';
import { openPlatform } from '../live/testing/platform.ts';
import { createHarness, type Harness } from '../testing/harness.ts';

let platform: Platform;
let api: Harness;

afterEach(() => platform.close());

async function open(): Promise<void> {
  platform = await openPlatform();
  api = createHarness(platform);
}

const question = { id: 'ask', handler: 'core.approval', config: { prompt: 'Go?' } };
const each: WorkflowDocument = {
  ...{ id: 'each', name: 'Each' },
  steps: [{ ...question, foreach: '${[1, 2, 3]}', concurrency: 3 }],
};
/** One step waits for a person, and the other one for a worker that is not there. */
const beside: WorkflowDocument = {
  ...{ id: 'beside', name: 'Beside' },
  steps: [question, { id: 'away', handler: 'core.set', config: { value: 1 }, queue: 'elsewhere' }],
};
const single: WorkflowDocument = { ...{ id: 'single', name: 'Single' }, steps: [question] };

/** Starts it, and resolves when the store says that it asks so many questions. */
async function ask(document: WorkflowDocument, questions = 1): Promise<string> {
  const { execution_id: id } = await platform.start(document);
  await asked(id, questions);
  return id;
}

async function asked(id: string, questions: number): Promise<void> {
  await expect.poll(() => questionsOf(id), { timeout: 20_000 }).toHaveLength(questions);
}

async function questionsOf(id: string): Promise<string[]> {
  const { body } = await api.send({ path: `/api/vwmp/executions/${id}/approvals/` });
  return body.results.map(({ step }: { step: string }) => step);
}

/** Pages until the last one. */
async function list(query: string): Promise<{ execution_id: string; step: string }[][]> {
  const pages = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const rest = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await api.send({ path: `/api/vwmp/approvals/?${query}${rest}` });
    expect(status).toBe(200);
    pages.push(body.results);
    cursor = body.next_cursor;
  }
  return pages;
}

/** Resolves when nobody works on it. */
async function parked(id: string): Promise<void> {
  const record = async () => platform.storage.executions.get(id);
  await expect.poll(async () => (await record())?.owner, { timeout: 20_000 }).toBeUndefined();
}

async function status(id: string): Promise<string | undefined> {
  return (await platform.storage.executions.get(id))?.status;
}

it('lists what executions ask in which something else runs', async () => {
  await open();
  const ids = [await ask(each, 3), await ask(beside), await ask(single)];
  await expect.poll(async () => await Promise.all(ids.map(status))).toContain('running');
  const pages = await list('limit=50');
  const steps = pages.flat().map(({ execution_id, step }) => `${ids.indexOf(execution_id)} ${step}`);
  expect(steps.sort()).toEqual(['0 ask:0', '0 ask:1', '0 ask:2', '1 ask', '2 ask']);
});

it('gives no page more than it asks for, and each question once', async () => {
  await open();
  const ids = new Set<string>();
  for (let n = 0; n < 12; n++) ids.add(await ask(n % 2 === 0 ? single : beside));
  for (const limit of [1, 5, 7]) {
    const pages = await list(`limit=${limit}`);
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit);
    const found = pages.flat().map(({ execution_id }) => execution_id);
    expect(found).toHaveLength(ids.size);
    expect(new Set(found)).toEqual(ids);
  }
});

it('is not listed any more once it was decided, although nobody takes up the execution', async () => {
  await open();
  const id = await ask(each, 3);
  await parked(id);
  await platform.queue.pause('executions');
  const path = `/api/vwmp/executions/${id}/approvals/ask:1/`;
  expect((await api.send({ method: 'POST', path, body: { approved: true } })).status).toBe(202);
  expect(await questionsOf(id)).toEqual(['ask:0', 'ask:2']);
  expect((await list('workflow_id=each')).flat().map(({ step }) => step)).toEqual(['ask:0', 'ask:2']);
  expect((await api.send({ path })).status).toBe(409);
  // The answer to a question of before says nothing of this one.
  const ref = { step_id: 'ask', index: 0 };
  const body = { type: 'decide', ref, round: '7.1.1', nonce: 'n', payload: null };
  await platform.storage.executions.post({ id: 'late', execution_id: id, body });
  expect(await questionsOf(id)).toEqual(['ask:0', 'ask:2']);
  await platform.storage.executions.post({
    id: 'end',
    execution_id: id,
    body: { type: 'cancel', reason: 'No.' },
  });
  expect(await questionsOf(id)).toEqual([]);
});

it('the decision of a question whose answer was lost is accepted again, and answers no later one', async () => {
  await open();
  const again = { ...question, repeat: { until: 'output.approved == false', max: 3 } };
  const id = await ask({ ...single, steps: [again] });
  const path = `/api/vwmp/executions/${id}/approvals/ask/`;
  const { body: first } = await api.send({ path });
  const decide = (approved: boolean, asked: number) =>
    api.send({ method: 'POST', path, body: { approved, asked } });
  expect(await decide(true, first.asked)).toMatchObject({ status: 202 });
  await expect.poll(async () => (await api.send({ path })).body.asked).toBeGreaterThan(first.asked);
  expect(await decide(true, first.asked)).toMatchObject({ status: 202 });
  expect(await decide(false, first.asked)).toMatchObject({
    ...{ status: 409, body: { error: { code: 'STEP_NOT_WAITING' } } },
  });
  const { body: second } = await api.send({ path });
  expect(await decide(false, second.asked)).toMatchObject({ status: 202 });
  await expect.poll(async () => (await platform.execution(id))?.status).toBe('success');
  expect(await decide(false, second.asked)).toMatchObject({ status: 202 });
  expect(await notedOf(id)).toEqual([false, true]);
});

it('one that is sent again while it waits is noted once', async () => {
  await open();
  const id = await ask(single);
  await parked(id);
  await platform.queue.pause('executions');
  const path = `/api/vwmp/executions/${id}/approvals/ask/`;
  const { asked } = (await api.send({ path })).body;
  // About a question of before, and not taken in yet.
  const late = { type: 'decide', ref: { step_id: 'ask' }, round: '7.1.1', nonce: 'n', payload: null };
  await platform.storage.executions.post({ id: 'late', execution_id: id, body: late });
  for (const _ of [1, 2, 3])
    expect(await api.send({ method: 'POST', path, body: { approved: true, asked } })).toMatchObject({
      status: 202,
    });
  expect(await notedOf(id)).toEqual([true]);
});

/** Decisions in the audit log, newest first. */
async function notedOf(id: string): Promise<unknown[]> {
  const { results } = await platform.storage.audit.list({ limit: 100 });
  const decided = results.filter(({ action, subject }) => action === 'approval.decided' && subject === id);
  return decided.map(({ details }) => details?.approved);
}
