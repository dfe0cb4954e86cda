import { afterEach, expect, it, vi } from 'vitest';
import { connectTo } from './connect.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Answers by the ends of paths; anything else is an empty list. @returns reads the role, and what was asked for it */
function server(answers: Record<string, [status: number, code: string, details?: object]>): {
  readRole: () => Promise<unknown>;
  asked: string[];
} {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (address: string) => {
    const { pathname } = new URL(address);
    const name = pathname.split('/').at(-2)!;
    asked.push(name);
    const [status, code, details] = answers[name] ?? [200, ''];
    const error = { code, message: code, ...(details && { details }) };
    return Response.json(status === 200 ? { results: [], count: 0 } : { error }, { status });
  });
  const { backend } = connectTo({ url: 'http://localhost' });
  return { readRole: () => backend.readRole!(), asked };
}

it('knows the role of a key by what the server refuses to it', async () => {
  const admin = server({});
  expect(await admin.readRole()).toBe('admin');
  const viewer = server({ keys: [403, 'FORBIDDEN', { role: 'viewer', needed: 'admin' }] });
  expect(await viewer.readRole()).toBe('viewer');
  expect(viewer.asked).toEqual(['keys']);
});

it('lets in without a role where something else keeps the keys from everyone', async () => {
  const { readRole, asked } = server({ keys: [403, 'BLOCKED'] });
  expect(await readRole()).toBeUndefined();
  expect(asked).toEqual(['keys', 'workflows']);
});

it('keeps out who has no key, at the first answer', async () => {
  const { readRole, asked } = server({ keys: [401, 'API_KEY_INVALID'] });
  await expect(readRole()).rejects.toMatchObject({ code: 'API_KEY_INVALID' });
  expect(asked).toEqual(['keys']);
});
