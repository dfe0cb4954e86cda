import { afterEach, expect, it, vi } from 'vitest';
import { connectTo } from './connect.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Answers by the ends of paths; anything else is an empty list. @returns reads the role, and what was asked for it */
function server(answers: Record<string, [status: number, code: string, body?: object]>): {
  readRole: () => Promise<unknown>;
  asked: string[];
} {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (address: string) => {
    const { pathname } = new URL(address);
    const name = pathname.split('/').at(-2)!;
    asked.push(name);
    const [status, code, body = { results: [], count: 0 }] = answers[name] ?? [200, ''];
    return Response.json(status === 200 ? body : { error: { code, message: code } }, { status });
  });
  const { backend } = connectTo({ url: 'http://localhost' });
  return { readRole: () => backend.readRole!(), asked };
}

it('asks the server for the role of its key', async () => {
  for (const role of ['admin', 'viewer']) {
    const { readRole, asked } = server({ me: [200, '', { authentication: 'key', role }] });
    expect(await readRole()).toBe(role);
    expect(asked).toEqual(['me']);
  }
});

it('lets in without a role where something else keeps that from everyone', async () => {
  const { readRole, asked } = server({ me: [403, 'BLOCKED'] });
  expect(await readRole()).toBeUndefined();
  expect(asked).toEqual(['me', 'workflows']);
});

it('keeps out who has no key, at the first answer', async () => {
  const { readRole, asked } = server({ me: [401, 'API_KEY_INVALID'] });
  await expect(readRole()).rejects.toMatchObject({ code: 'API_KEY_INVALID' });
  expect(asked).toEqual(['me']);
});

it('sends the key under which a signal is taken in once', async () => {
  const sent: unknown[] = [];
  vi.stubGlobal('fetch', async (address: string, { headers }: RequestInit) => {
    sent.push([new URL(address).pathname, new Headers(headers).get('idempotency-key')]);
    return Response.json({ execution_id: 'e' }, { status: 202 });
  });
  const { backend } = connectTo({ url: 'http://localhost' });
  await backend.signalExecution('e', 'paid', 1, { key: 'k' });
  expect(sent).toEqual([['/api/vwmp/executions/e/signals/paid/', 'k']]);
});
