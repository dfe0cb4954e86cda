import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultGracePeriod } from '../engine/options.ts';
import { readSettings } from './read-settings.ts';
import { settingsPage } from './testing/settings-page.ts';

// `vitest -u` writes the page anew.
test('docs/settings.md says what the table of variables says', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../../../docs/settings.md');
});

test('docs/language.md says how long what is cancelled may take to end, with a platform and without', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/language.md'), 'utf8');
  const { gracePeriod } = readSettings({}, { cwd: '/nowhere' }).settings.worker;
  const [alone, platform] = [defaultGracePeriod / 1000, gracePeriod / 1000];
  expect(page).toContain(`(${alone} s; on a platform \`VWMP_GRACE_PERIOD\`, ${platform} s)`);
});
