import { VwmpError } from '@vwmp/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Authenticator } from '../security/authenticate.ts';
import type { ClientAddress } from '../security/client-address.ts';
import { headerOf } from '../security/headers.ts';
import { createRateLimiter } from '../security/limits.ts';
import type { Role } from '../security/roles.ts';
import { connect, followToEnd } from './testing/connect.ts';
import { chain, recordedOf, save, stored, waiting } from './testing/platform.ts';
import { serveSockets } from './testing/serve.ts';
import { start } from './testing/start.ts';

/** The machine may have other things to do. */
const patient = { timeout: 30_000 };

/** Keys are the names of roles. */
function byRole(revoked = new Set<string>()): Pick<Authenticator, 'authenticate'> {
  return {
    async authenticate(headers) {
      const key = headerOf(headers, 'authorization')?.slice('Bearer '.length);
      const code = key === undefined ? 'API_KEY_MISSING' : 'API_KEY_INVALID';
      if (key === undefined || revoked.has(key) || !['viewer', 'executor'].includes(key))
        throw new VwmpError(code, 'No.', { retryable: false });
      return { id: key, name: key, role: key as Role };
    },
  };
}

const follow = '/ws/vwmp/executions';

describe('an execution', () => {
  it('is told from its beginning to its end, and the socket is closed', async () => {
    const { platform, server } = await start();
    const { execution_id: id } = await platform.start(chain('c', 3));
    const { closed, messages } = connect(server.port, `${follow}/${id}`);
    expect(await closed).toEqual({ code: 1000, reason: 'completed' });
    expect(recordedOf(messages as never)).toEqual(await stored(platform, id));
    await expect.poll(() => server.sockets.size, patient).toBe(0);
  });

  it('is told while it goes on, with what is only announced', async () => {
    const { platform, server } = await start();
    const { execution_id: id } = await platform.start(waiting);
    const { closed, messages, until } = connect(server.port, `${follow}/${id}`);
    await until((all) => all.some(({ event }) => event === 'step_waiting'));
    await platform.signal(id, 'go');
    await closed;
    const names = messages.map(({ event }) => event);
    const work = names.slice(names.lastIndexOf('step_started'));
    expect(work).toEqual(['step_started', 'log', 'log', 'progress', 'step_completed', 'workflow_completed']);
    expect(recordedOf(messages as never)).toEqual(await stored(platform, id));
  });

  it('is told from any event on, and nothing of it when all is known', async () => {
    const { platform, server } = await start();
    const { execution_id: id } = await platform.start(chain('c', 4));
    await platform.wait(id);
    const all = await stored(platform, id);
    for (let after = 0; after <= all.length; after++) {
      const { closed, messages } = connect(server.port, `${follow}/${id}/?after=${after}`);
      expect((await closed).code).toBe(1000);
      expect(messages).toEqual(all.slice(after));
    }
  });

  it.each([
    ['that is not there', 'nobody', 4404, 'EXECUTION_NOT_FOUND'],
    ['after an event that is not there', 'ID?after=999', 4400, 'VALUE_INVALID'],
    ['after what is no number', 'ID?after=-1', 4400, 'REQUEST_INVALID'],
    ['after two events', 'ID?after=1&after=2', 4400, 'REQUEST_INVALID'],
    ['with a parameter that there is none of', 'ID?from=2', 4400, 'REQUEST_INVALID'],
  ])('%s is refused with the reason', async (_name, path, code, reason) => {
    const { platform, server } = await start();
    const { execution_id: id } = await platform.start(chain('c', 1));
    await platform.wait(id);
    const { closed, messages } = connect(server.port, `${follow}/${path.replace('ID', id)}`);
    expect(await closed).toEqual({ code, reason });
    expect(messages).toMatchObject([{ error: { code: reason, request_id: expect.any(String) } }]);
  });

  it.each([
    ['since=5', 'a time such as'],
    ['since=yesterday', 'a time such as'],
    ['since=2026-01-31T12:00:00Z&since=2026-02-01T12:00:00Z', 'stands 2 times'],
  ])('those of a workflow with %s are refused with the reason', async (query, message) => {
    const { server } = await start();
    const { closed, messages } = connect(server.port, `/ws/vwmp/workflows/c?${query}`);
    expect(await closed).toEqual({ code: 4400, reason: 'REQUEST_INVALID' });
    expect(messages).toMatchObject([{ error: { message: expect.stringContaining(message) } }]);
  });
});

describe('executing over a socket', () => {
  const path = '/ws/vwmp/workflows/c/execute';

  it('starts with the first message and tells what happens', async () => {
    const { platform, server } = await start();
    const parameters = [{ name: 'n', type: 'integer' as const }];
    await save(platform, { ...chain('c', 2), parameters });
    const { closed, messages } = connect(server.port, path, { first: { parameters: { n: 7 } } });
    expect((await closed).code).toBe(1000);
    expect(messages[0]).toMatchObject({ event: 'workflow_started', parameters: { n: 7 }, seq: 1 });
    expect(messages.at(-1)).toMatchObject({ event: 'workflow_completed', status: 'success' });
  });

  it('with the same key is the same execution', async () => {
    const { platform, server } = await start();
    await save(platform, chain('c', 2));
    const ids = new Set<unknown>();
    for (let n = 0; n < 3; n++) {
      const { closed, messages } = connect(server.port, path, { first: { idempotency_key: 'k' } });
      expect((await closed).code).toBe(1000);
      for (const { execution_id } of messages) ids.add(execution_id);
    }
    expect(ids.size).toBe(1);
    expect((await platform.storage.executions.list()).count).toBe(1);
  });

  it.each([
    ['no object', [1], 'REQUEST_INVALID', 4400],
    ['parameters that are a list', { parameters: [] }, 'REQUEST_INVALID', 4400],
    ['an empty key', { idempotency_key: '' }, 'REQUEST_INVALID', 4400],
    ['something unknown', { params: {} }, 'REQUEST_INVALID', 4400],
    ['an unknown parameter', { parameters: { x: 1 } }, 'PARAMETERS_INVALID', 4422],
  ])('with %s starts nothing', async (_name, first, reason, code) => {
    const { platform, server } = await start();
    await save(platform, chain('c', 1));
    const { closed } = connect(server.port, path, { first });
    expect(await closed).toEqual({ code, reason });
    expect((await platform.storage.executions.list()).count).toBe(0);
  });

  it('of an unknown workflow is refused', async () => {
    const { server } = await start();
    const { closed } = connect(server.port, path, { first: {} });
    expect(await closed).toEqual({ code: 4404, reason: 'WORKFLOW_NOT_FOUND' });
  });

  it('without a first message does not wait for ever', async () => {
    const { server } = await start({ patience: 20 });
    expect((await connect(server.port, path).closed).code).toBe(4400);
  });
});

describe('a workflow', () => {
  it('tells of the executions that there are and of those that come', async () => {
    const { platform, server } = await start();
    await save(platform, waiting);
    await save(platform, chain('other', 1));
    const { execution_id: first } = await platform.start('waiting');
    const { until, messages, ws, closed } = connect(server.port, '/ws/vwmp/workflows/waiting');
    await until((all) => all.some(({ event }) => event === 'step_waiting'));
    await platform.wait((await platform.start('other')).execution_id);
    const { execution_id: second } = await platform.start('waiting');
    for (const id of [first, second]) {
      await until((all) => all.some((each) => each.execution_id === id && each.event === 'step_waiting'));
      await platform.signal(id, 'go');
    }
    await until((all) => all.filter(({ event }) => event === 'workflow_completed').length === 2);
    for (const id of [first, second]) {
      const own = messages.filter(({ execution_id }) => execution_id === id);
      expect(recordedOf(own as never)).toEqual(await stored(platform, id));
    }
    expect(new Set(messages.map(({ execution_id }) => execution_id))).toEqual(new Set([first, second]));
    ws.close();
    expect((await closed).code).toBe(1005);
  });

  it('is taken up where a client was cut off, with what has ended meanwhile', async () => {
    const { platform, server } = await start();
    await save(platform, waiting);
    const since = new Date().toISOString();
    const { execution_id: a } = await platform.start('waiting');
    const before = connect(server.port, `/ws/vwmp/workflows/waiting?since=${since}`);
    await before.until((all) => all.some(({ event }) => event === 'step_waiting'));
    before.ws.terminate();
    const seen = before.messages.filter(({ seq }) => seq).at(-1)!.seq as number;
    const { execution_id: b } = await platform.start('waiting');
    for (const id of [a, b]) await platform.signal(id, 'go');
    for (const id of [a, b]) await platform.wait(id);
    const again = connect(server.port, `/ws/vwmp/workflows/waiting?since=${since}&after=${a}:${seen}`);
    await again.until((all) => all.filter(({ event }) => event === 'workflow_completed').length === 2);
    const of = (id: string): unknown[] => again.messages.filter(({ execution_id }) => execution_id === id);
    expect(of(a)).toEqual(await stored(platform, a, seen));
    expect(of(b)).toEqual(await stored(platform, b));
    again.ws.close();
  });

  it('that is not there is refused', async () => {
    const { server } = await start();
    const { closed } = connect(server.port, '/ws/vwmp/workflows/nobody');
    expect(await closed).toEqual({ code: 4404, reason: 'WORKFLOW_NOT_FOUND' });
  });
});

describe('who may connect', () => {
  it('shows a key in a header, in a protocol or in the first message', async () => {
    const { platform, server } = await start({ authenticator: byRole() });
    const { execution_id: id } = await platform.start(chain('c', 1));
    const headers = { authorization: 'Bearer viewer' };
    const first = { type: 'authenticate', key: 'viewer' };
    const protocols = ['vwmp', 'vwmp.key.viewer'];
    for (const options of [
      { headers },
      { protocols },
      { first },
      { headers, protocols: ['vwmp', 'vwmp.key.no'] },
    ]) {
      expect((await connect(server.port, `${follow}/${id}`, options).closed).code).toBe(1000);
    }
  });

  it('is told so with a wrong key, without one, and with one in the address', async () => {
    const { server } = await start({ authenticator: byRole(), patience: 20 });
    const path = `${follow}/any`;
    const headers = { authorization: 'Bearer wrong' };
    const first = { type: 'authenticate', key: 'wrong' };
    const protocols = ['vwmp', 'vwmp.key.wrong'];
    for (const options of [{ headers }, { protocols }, { first }])
      expect(await connect(server.port, path, options).closed).toEqual({
        code: 4401,
        reason: 'API_KEY_INVALID',
      });
    for (const query of ['', '?key=viewer&token=viewer'])
      expect((await connect(server.port, path + query).closed).code).toBe(4401);
    expect((await connect(server.port, path, { first: { after: 3 } }).closed).code).toBe(4400);
  });

  it('is answered with the protocol that holds no key, and nothing logs the key', async () => {
    const logged: unknown[] = [];
    const log = (...line: unknown[]): void => void logged.push(line);
    const { platform, server } = await start({ authenticator: byRole(), log });
    const { execution_id: id } = await platform.start(waiting);
    const protocols = ['vwmp.key.viewer', 'vwmp'];
    const { ws, until } = connect(server.port, `${follow}/${id}`, { protocols });
    const answered = new Promise<string>((resolve) =>
      ws.once('upgrade', ({ rawHeaders }) => resolve(rawHeaders.join('\n'))),
    );
    await until((all) => all.length > 0);
    expect(ws.protocol).toBe('vwmp');
    expect(await answered).not.toContain('vwmp.key');
    ws.terminate();
    const refused = connect(server.port, `${follow}/${id}`, { protocols: ['vwmp', 'vwmp.key.mistyped'] });
    expect((await refused.closed).code).toBe(4401);
    expect(JSON.stringify([logged, refused.messages])).not.toContain('mistyped');
  });

  it('needs the role for what it wants', async () => {
    const { platform, server } = await start({ authenticator: byRole() });
    await save(platform, chain('c', 1));
    const path = '/ws/vwmp/workflows/c/execute';
    const as = (role: string) =>
      connect(server.port, path, { headers: { authorization: `Bearer ${role}` }, first: {} });
    expect(await as('viewer').closed).toEqual({ code: 4403, reason: 'FORBIDDEN' });
    expect((await as('executor').closed).code).toBe(1000);
    expect((await platform.storage.executions.list()).count).toBe(1);
  });

  it('gets in although hundreds do not say who they are', async () => {
    const { platform, server } = await start({ authenticator: byRole() });
    const { execution_id: id } = await platform.start(waiting);
    const strangers = Array.from({ length: 520 }, () => connect(server.port, `${follow}/${id}`));
    const gone = strangers.slice(0, 15).map(({ closed }) => closed);
    expect(new Set((await Promise.all(gone)).map(({ code }) => code))).toEqual(new Set([1008]));
    const headers = { authorization: 'Bearer viewer' };
    const { until, ws } = connect(server.port, `${follow}/${id}`, { headers });
    await until((all) => all.length > 0);
    for (const each of [ws, ...strangers.map((stranger) => stranger.ws)]) each.terminate();
    await expect.poll(() => server.sockets.size, patient).toBe(0);
  });

  it('stays while it cannot be looked up whether its key is still good', async () => {
    let away = false;
    let asked = 0;
    const { authenticate } = byRole();
    const authenticator: Pick<Authenticator, 'authenticate'> = {
      async authenticate(...given) {
        asked++;
        if (away) throw new VwmpError('STORE_UNAVAILABLE', 'It is away.');
        return authenticate(...given);
      },
    };
    const { platform, server } = await start({ authenticator, heartbeat: 300 });
    const { execution_id: id } = await platform.start(waiting);
    const headers = { authorization: 'Bearer viewer' };
    const { closed, until } = connect(server.port, `${follow}/${id}`, { headers });
    await until((all) => all.length > 0);
    away = true;
    const before = asked;
    await expect.poll(() => asked, patient).toBeGreaterThan(before + 3);
    await platform.signal(id, 'go');
    expect((await closed).code).toBe(1000);
  });

  it.each([
    ['a header', { headers: { authorization: 'Bearer viewer' } }],
    ['a protocol', { protocols: ['vwmp', 'vwmp.key.viewer'] }],
  ])('is cut off when its key in %s is taken back', async (_where, shown) => {
    const revoked = new Set<string>();
    const { platform, server } = await start({ authenticator: byRole(revoked), heartbeat: 300 });
    const { execution_id: id } = await platform.start(waiting);
    const { closed, until } = connect(server.port, `${follow}/${id}`, shown);
    await until((all) => all.length > 0);
    revoked.add('viewer');
    expect(await closed).toEqual({ code: 4401, reason: 'API_KEY_INVALID' });
  });

  it('is a page of the same or a listed origin, or no page', async () => {
    const { platform, server } = await start();
    const { execution_id: id } = await platform.start(chain('c', 1));
    const path = `${follow}/${id}`;
    for (const origin of [undefined, 'https://listed.example', `http://127.0.0.1:${server.port}`])
      expect((await connect(server.port, path, { ...(origin && { origin }) }).closed).code).toBe(1000);
    for (const origin of [
      'https://evil.example',
      'null',
      'http://127.0.0.1:1',
      'https://listed.example.evil.example',
    ])
      expect((await connect(server.port, path, { origin }).closed).code).toBe(1006);
    expect((await connect(server.port, path, { headers: { host: 'evil.example' } }).closed).code).toBe(1006);
    expect(server.sockets.size).toBe(0);
  });

  it('must not come too often, nor be one too many', async () => {
    const limiter = { take: () => ({ ok: false, retryAfter: 3 }) };
    const { server } = await start({ limiter });
    const { closed, messages } = connect(server.port, `${follow}/any`);
    expect(await closed).toEqual({ code: 4429, reason: 'RATE_LIMITED' });
    expect(messages).toMatchObject([{ error: { details: { retry_after: 3 } } }]);
    const full = await start({ maxClients: 0 });
    expect((await connect(full.server.port, `${follow}/any`).closed).code).toBe(1006);
  });

  it('are counted by their address when their keys are not valid', async () => {
    const limiter = createRateLimiter({ rate: 0.001, burst: 2 });
    const clientAddress: ClientAddress = (headers) => headerOf(headers, 'x-test') ?? '';
    const { server } = await start({ limiter, authenticator: byRole(), clientAddress });
    const codeOf = async (key: string, address: string) => {
      const headers = { authorization: `Bearer ${key}`, 'x-test': address };
      return (await connect(server.port, `${follow}/any`, { headers }).closed).code;
    };
    const network = '2001:db8:1:2:';
    for (const code of [4401, 4401, 4429, 4429]) expect(await codeOf('wrong', `${network}:1`)).toBe(code);
    expect(await codeOf('other', `${network}:2`)).toBe(4429);
    expect(await codeOf('other', '192.0.2.1')).toBe(4401);
    expect(await codeOf('viewer', `${network}:1`)).toBe(4404);
  });

  it('knows the address: everything else is not there', async () => {
    const { server } = await start();
    for (const path of [
      '/',
      '/ws/vwmp',
      '/ws/vwmp/executions/',
      '/ws/vwmp/executions/%zz',
      '/ws/vwmp/executions/a/b',
      '/ws/vwmp/executions/a/execute',
    ])
      expect((await connect(server.port, path).closed).code).toBe(1006);
  });
});

describe('a server that ends', () => {
  it('tells its clients where to go on, takes no more, and leaves nothing', async () => {
    const { platform, server } = await start();
    const { execution_id: id } = await platform.start(waiting);
    const { closed, until, messages } = connect(server.port, `${follow}/${id}`);
    await until((all) => all.some(({ event }) => event === 'step_waiting'));
    const { seq } = messages.at(-1) as { seq: number };
    await server.sockets.close();
    expect(await closed).toEqual({ code: 1001, reason: `going away: resume after=${seq}` });
    expect((await connect(server.port, `${follow}/${id}`).closed).code).toBe(1006);
    await expect.poll(() => server.sockets.size, patient).toBe(0);
    const next = await serveSockets(platform);
    onTestFinished(next.stop);
    const rest = followToEnd(next.port, id);
    await platform.signal(id, 'go');
    expect(recordedOf((await rest).events)).toEqual(await stored(platform, id));
  });
});
