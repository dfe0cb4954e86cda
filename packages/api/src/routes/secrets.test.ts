// The names of secrets are told to who writes documents, and nothing of what is in them to anybody.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPlatform, createSecretFile, type Platform } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';
import { afterEach, expect, it } from 'vitest';
import { createHarness } from '../testing/harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'vwmp-secret-names-'));
let platform: Platform | undefined;

afterEach(async () => {
  await platform?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('names of secrets are listed, from every source, and nothing else of them', async () => {
  const { settings } = readSettings(
    { VWMP_DATABASE_BACKEND: 'memory', VWMP_ENCRYPTION_KEY: 'k'.repeat(32), VWMP_LOG_LEVEL: 'error' },
    { cwd: folder, envFile: false },
  );
  await createSecretFile(settings).set('FROM_FILE', 'hush-1');
  platform = await createPlatform(settings, {
    from: import.meta.dirname,
    secrets: { get: () => 'hush-2', names: () => ['TOKEN', 'FROM_FILE'] },
  });
  await platform.open();
  const { status, body, text } = await createHarness(platform).send({ path: '/api/vwmp/secrets/' });
  expect(status).toBe(200);
  expect(body).toEqual({ results: [{ name: 'FROM_FILE' }, { name: 'TOKEN' }], count: 2 });
  expect(text).not.toContain('hush');
});
