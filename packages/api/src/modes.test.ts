import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '@vwmp/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServer } from './server/create-server.ts';
import { createHarness, type Harness, type Sent } from './testing/harness.ts';
import { type Deployed, deployFull, deployHybrid, deployLightweight } from './testing/modes.ts';
import { documents } from './testing/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'vwmp-modes-'));
let postgres: PostgresServer;
let redis: RedisServer;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
});
afterAll(async () => {
  await Promise.all([postgres?.stop(), redis?.stop()]);
  rmSync(folder, { recursive: true });
});

const at = (path: string): string => `/api/vwmp${path}`;

/** Whatever is another one in each run. */
function normalise(text: string, ids: readonly string[]): string {
  let shown = text;
  ids.forEach((id, index) => {
    shown = shown.replaceAll(id, `execution-${index}`);
  });
  return (
    shown
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d[^"]*/g, '<local>')
      .replace(/"(request_id|rev|replaces|next_cursor)":"[^"]*"/g, '"$1":"<$1>"')
      .replace(/rev \\"[^"]*\\"/g, 'rev <rev>')
      .replace(/versions\/1-\w+/, 'versions/<rev>')
      .replace(/"duration_ms":[\d.]+/g, '"duration_ms":0')
      // One event more tells that it was queued for another process.
      .replace(/"asked":\d+/g, '"asked":0')
  );
}

/** Sends everything a client may send, and keeps what was answered, but for what is another one in each run. */
async function record(harness: Harness): Promise<string[]> {
  const lines: string[] = [];
  const ids: string[] = [];
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const sent: Sent = { method, path: at(path), headers, ...(body !== undefined && { body }) };
    const answer = await harness.send(sent);
    const id = answer.body?.execution_id ?? (answer.body?.steps && answer.body.id);
    if (typeof id === 'string' && !ids.includes(id)) ids.push(id);
    const shown = ['content-type', 'allow', 'location']
      .map((name) => answer.headers.get(name) ?? '-')
      .join(' ');
    lines.push(normalise(`${method} ${path.slice(0, 200)} → ${answer.status} ${shown} ${answer.text}`, ids));
    return answer;
  };
  const until = async (id: string, status: string): Promise<void> => {
    for (;;) {
      const { body } = await harness.send({ path: at(`/executions/${id}/`) });
      if (body.status === status) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await send('GET', `/executions/${id}/`);
  };
  const yaml = { 'content-type': 'application/yaml' };
  const text =
    '# kept\nname: Yaml\nsteps:\n  - { id: a, handler: core.set, config: { value: "ü\u{1f600}" } }\n';

  for (const document of Object.values(documents)) await send('POST', '/workflows/', document);
  const { body: stored } = await send('POST', '/workflows/', text, yaml);
  await send('POST', '/workflows/', text, yaml);
  await send('POST', '/workflows/validate', { name: 'x', steps: [{ id: 'a', handler: 'none.such' }] });
  await send('GET', '/workflows/?limit=2');
  await send('GET', '/workflows/?q=KEPT');
  await send('GET', '/workflows/?cursor=garbage');
  await send('GET', '/workflows/?cursor=WyJcdTAwMDAiXQ');
  await send('GET', '/workflows/yaml');
  await send('GET', '/workflows/yaml', undefined, { accept: 'application/yaml' });
  await send(
    'PUT',
    '/workflows/yaml',
    { ...stored.document, name: 'Changed' },
    { 'if-match': `"${stored.rev}"` },
  );
  await send('PUT', '/workflows/yaml', text, { ...yaml, 'if-match': `"${stored.rev}"` });
  await send('GET', '/workflows/yaml/versions');
  await send('GET', `/workflows/yaml/versions/${stored.rev}`);
  await send('GET', '/workflows/yaml/versions/%00');

  await send(
    'POST',
    '/workflows/hello/execute?wait=1m',
    { parameters: { who: 'Ana' } },
    { 'idempotency-key': 'a' },
  );
  await send('POST', '/workflows/hello/execute', { parameters: { who: 'Bea' } }, { 'idempotency-key': 'a' });
  await send('POST', '/workflows/hello/execute', { parameters: { nobody: 1 } });
  await send('POST', '/workflows/hello/execute?wait=1m', { parameters: { who: 'a\u0000b\ud800' } });
  const { body: failed } = await send('POST', '/workflows/fails/execute?wait=1m');
  await send('POST', `/executions/${failed.id}/retry`, { from: 'nothing' });
  const { before, ...rest } = { before: documents.fails!.steps[0], ...documents.fails! };
  const corrected = {
    ...rest,
    steps: [before, { id: 'fail', handler: 'core.set', config: { value: 2 }, dependencies: ['before'] }],
  };
  const { body: again } = await send('POST', `/executions/${failed.id}/retry`, { workflow: corrected });
  await until(again.execution_id, 'success');
  await send('GET', `/executions/${again.execution_id}/events`);
  await send('GET', `/executions/${again.execution_id}/events?after=2&limit=1`);

  const { body: waiting } = await send('POST', '/workflows/waits/execute');
  await until(waiting.execution_id, 'waiting');
  await send('DELETE', '/workflows/waits');
  await send('POST', `/executions/${waiting.execution_id}/retry`);
  await send('POST', `/executions/${waiting.execution_id}/signals/other%20one`, {
    payload: ['\u0000', 1e-7],
  });
  await send('POST', `/executions/${waiting.execution_id}/signals/go`, {
    payload: { constructor: 1, a: [null] },
  });
  await until(waiting.execution_id, 'success');
  await send('POST', `/executions/${waiting.execution_id}/signals/go`);
  const { body: cancelled } = await send('POST', '/workflows/waits/execute');
  await until(cancelled.execution_id, 'waiting');
  await send('POST', `/executions/${cancelled.execution_id}/cancel`, { reason: 'No more.' });
  await until(cancelled.execution_id, 'cancelled');
  await send('DELETE', '/workflows/waits');
  await send('GET', '/workflows/waits');

  const { body: asking } = await send('POST', '/workflows/asks/execute');
  await until(asking.execution_id, 'waiting');
  await send('GET', '/approvals');
  await send('GET', `/executions/${asking.execution_id}/approvals/ask`);
  await send('POST', `/executions/${asking.execution_id}/approvals/ask`, { approved: true, values: {} });
  await send('POST', `/executions/${asking.execution_id}/approvals/none`, { approved: true });
  const decision = { approved: true, by: 'Ana', comment: 'Fine.', values: { stars: 5 } };
  await send('POST', `/executions/${asking.execution_id}/approvals/ask`, decision);
  await until(asking.execution_id, 'success');
  await send('GET', '/approvals');

  await send('GET', '/executions/?status=failed,cancelled');
  await send('GET', '/executions/?q=hello&limit=1');
  await send('GET', '/executions/none');
  await send('GET', `/executions/${failed.id}/logs`);
  const { body: schedules } = await send('GET', '/schedules/?workflow_id=hello');
  const schedule = schedules.results[0].id as string;
  await send('GET', `/schedules/${schedule}`);
  await send('PUT', `/schedules/${schedule}`, { paused: true });
  await send('DELETE', `/schedules/${schedule}`);
  await send('GET', '/schedules/');
  await send('GET', '/workflows/hello', undefined, { accept: 'application/yaml' });
  await send('GET', '/queues/none/dead');
  await send('POST', '/queues/none/dead/none/retry');
  await send('GET', '/step-handlers');
  await send('GET', '/workflow-types');
  await send('GET', '/audit/?limit=500');
  await send('PATCH', '/workflows');
  return lines;
}

/** Over HTTP, as clients reach it. */
async function recorded(deployed: Deployed): Promise<string[]> {
  const server = createServer(deployed.platform);
  const { url } = await server.listen();
  const app = {
    fetch: (request: Request) => fetch(request),
    request: (path: string, init: RequestInit = {}) => {
      const { host: _, ...headers } = init.headers as Record<string, string>;
      return fetch(`${url}${path}`, { ...init, headers });
    },
  };
  try {
    return await record(createHarness(deployed.platform, {}, app));
  } finally {
    await server.close();
    await deployed.close();
  }
}

test('the three modes answer the same requests alike', async () => {
  const lightweight = await recorded(await deployLightweight(join(folder, 'vwmp.db')));
  const hybrid = await recorded(await deployHybrid(await postgres.createDatabase('hybrid')));
  const full = await recorded(await deployFull(await postgres.createDatabase('whole'), redis.url));
  expect(hybrid).toEqual(lightweight);
  expect(full).toEqual(lightweight);
  expect(lightweight.filter((line) => / → 5\d\d /.test(line))).toEqual([]);
}, 120_000);
