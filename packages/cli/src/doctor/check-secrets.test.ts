import { createSecretFile } from '@vwmp/core/platform';
import { readSettings, type Settings } from '@vwmp/core/settings';
import { expect, test } from 'vitest';
import { folder } from '../testing/vwmp.ts';
import { checkSecrets } from './check-secrets.ts';

const server = { VWMP_DEPLOYMENT_MODE: 'hybrid', VWMP_DATABASE_URL: 'postgresql://db.example/vwmp' };

function settingsOf(variables: Record<string, string>, cwd: string): Settings {
  return readSettings(variables, { cwd, envFile: false }).settings;
}

test('a server without a key is told, and it is broken where there are secrets', async () => {
  const cwd = folder();
  const key = { VWMP_ENCRYPTION_KEY: 'k'.repeat(32) };
  const found = (variables: Record<string, string>) => checkSecrets(settingsOf(variables, cwd));
  expect(await found({})).toEqual([]);
  expect(await found({ ...server, ...key })).toEqual([]);
  expect(await found(server)).toMatchObject([{ verdict: 'note', title: expect.stringContaining('not set') }]);
  await createSecretFile(settingsOf(key, cwd)).set('A', 'x');
  expect(await found({ ...server, ...key })).toEqual([]);
  const missing = expect.stringMatching(/ENCRYPTION_KEY_MISSING .*VWMP_ENCRYPTION_KEY is not set/);
  expect(await found(server)).toMatchObject([{ verdict: 'broken', title: missing }]);
});
