import { createMemoryStorage } from '@vwmp/core/memory';
import { readSettings } from '@vwmp/core/settings';
import { expect, test } from 'vitest';
import { createApiKey } from './api-key.ts';
import { createAudit } from './audit.ts';
import { checkBind } from './check-bind.ts';
import { allows, isRole, type Role, roles } from './roles.ts';

test('each role may do what those before it may', () => {
  for (const [has, role] of roles.entries())
    for (const [needs, needed] of roles.entries()) expect(allows(role, needed)).toBe(has >= needs);
  expect(allows('root' as Role, 'viewer')).toBe(false);
  expect(['viewer', 'Admin', '', '__proto__'].map(isRole)).toEqual([true, false, false, false]);
});

test('nothing listens where others reach it before somebody has a key', async () => {
  const storage = createMemoryStorage();
  await storage.open();
  const api = (environment: Record<string, string>) =>
    readSettings(environment, { cwd: '/', envFile: false }).settings.api;
  const open = api({ VWMP_API_HOST: '0.0.0.0' });
  const refused = {
    code: 'AUTHENTICATION_NEEDED',
    message: expect.stringContaining('vwmp keys create NAME --role admin'),
  };
  await expect(checkBind(open, storage.keys)).rejects.toMatchObject(refused);
  await expect(checkBind({ ...open, auth: 'none' }, storage.keys)).rejects.toMatchObject(refused);
  await checkBind(api({}), storage.keys);
  await checkBind(api({ VWMP_API_AUTH: 'keys' }), storage.keys);
  await checkBind(api({ VWMP_API_HOST: '::', VWMP_API_KEYS: `a:admin:${'k'.repeat(32)}` }), storage.keys);

  const at = new Date().toISOString();
  const expired = createApiKey({ name: 'old', role: 'admin', created_at: at, expires_at: at });
  await storage.keys.add(expired.record);
  const revoked = createApiKey({ name: 'gone', role: 'admin', created_at: at });
  await storage.keys.add(revoked.record);
  await storage.keys.revoke(revoked.record.id, at);
  await expect(checkBind(open, storage.keys)).rejects.toMatchObject(refused);
  await storage.keys.add(createApiKey({ name: 'good', role: 'viewer', created_at: at }).record);
  await checkBind(open, storage.keys);
  await storage.close();
});

test('the audit log says who, also when two keys have the same name', async () => {
  const storage = createMemoryStorage();
  await storage.open();
  const audit = createAudit(storage.audit, undefined, () => 0);
  await audit({ id: 'k1', name: 'ci', role: 'editor' }, 'workflow.saved', 'w1', { rev: 'r' });
  await audit({ id: 'local', name: 'local', role: 'admin' }, 'workflow.removed', 'w1');
  expect((await storage.audit.list()).results).toEqual([
    { at: '1970-01-01T00:00:00.000Z', actor: 'local', action: 'workflow.removed', subject: 'w1' },
    {
      ...{ at: '1970-01-01T00:00:00.000Z', actor: 'ci', action: 'workflow.saved', subject: 'w1' },
      details: { rev: 'r', key: 'k1' },
    },
  ]);
  await storage.close();
});
