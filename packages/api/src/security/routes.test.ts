import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VwmpApp } from '../app/app.ts';
import { createHonoApp } from '../app/create-app.ts';
import type { Route } from '../app/route.ts';
import { type OperationName, operations, splitOperation } from '../contract/index.ts';
import { openPlatform } from '../live/testing/platform.ts';
import { routes } from '../routes/index.ts';
import { createApiKey } from './api-key.ts';
import { type Role, roles } from './roles.ts';

let platform: Platform;
let app: VwmpApp;
const keys = new Map<Role, string>();

beforeAll(async () => {
  platform = await openPlatform({}, { VWMP_API_AUTH: 'keys', VWMP_API_RATE: 'off' });
  for (const role of roles) {
    const { text, record } = createApiKey({ name: role, role, created_at: new Date().toISOString() });
    await platform.storage.keys.add(record);
    keys.set(role, text);
  }
  app = createHonoApp(platform);
});
afterAll(() => platform.close());

/** What it says to somebody with this key: 0 unless it is about who may. */
async function refusal(name: OperationName, key: string | undefined): Promise<number> {
  const { method, path } = splitOperation(name);
  const { status } = await app.request(path.replace(/\{\w+\}/g, 'nothing'), {
    method,
    headers: {
      host: 'localhost',
      'content-type': 'application/json',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    ...(method !== 'GET' && method !== 'DELETE' && { body: '{}' }),
  });
  return status === 401 || status === 403 ? status : 0;
}

describe.each(Object.keys(operations) as OperationName[])('%s', (name) => {
  const { role: needed } = routes[name] as unknown as Route;

  test('is for nobody without a key, and for those whose role may', async () => {
    expect(await refusal(name, undefined)).toBe(401);
    expect(await refusal(name, 'vwmp_aaaaaaaaaaaa_x')).toBe(401);
    for (const role of roles) {
      const may = roles.indexOf(role) >= roles.indexOf(needed);
      expect(await refusal(name, keys.get(role)), role).toBe(may ? 0 : 403);
    }
  });

  test('changes nothing for viewers, and documents nothing for executors', () => {
    const { method } = splitOperation(name);
    if (method !== 'GET' && name !== 'validateWorkflow') expect(needed).not.toBe('viewer');
    if (/^(create|replace|delete|update)/.test(name)) expect(['editor', 'admin']).toContain(needed);
    if (/Queue$|DeadLetter$|^listAudit/.test(name) && (method !== 'GET' || name === 'listAudit'))
      expect(needed).toBe('admin');
  });
});
