import { expect, test } from 'vitest';
import { settingsPage } from './testing/settings-page.ts';

// `vitest -u` writes the page anew.
test('docs/settings.md says what the table of variables says', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../../../docs/settings.md');
});
