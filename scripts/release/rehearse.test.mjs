import { expect, test } from 'vitest';
import { capture } from '../lib/run.mjs';

// Packages that come from elsewhere (the driver of SQLite) are fetched.
const reachable = (await capture('npm', ['ping'])).code === 0;

test.skipIf(!reachable)('packed packages do what their READMEs say', { timeout: 900_000 }, async () => {
  const { code, output } = await capture('node', ['scripts/rehearse.mjs', '--built']);
  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^(✓ .*\n){11}$/) });
});
