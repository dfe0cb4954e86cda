import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vwmp-light-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Each in a process of its own: says whether Node has loaded its promises of files by then. */
async function loads(work: string): Promise<boolean> {
  const program = `import { createFileStorage } from ${JSON.stringify(import.meta.resolve('./index.ts'))};
const storage = createFileStorage({ folder: ${JSON.stringify(join(folder, 'data'))} });
await storage.open();
${work}
console.log(process.moduleLoadList.includes('NativeModule fs/promises'));
await storage.close();`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout.trim() === 'true';
}

test('who opens a folder and looks into it does not load what keeping files open takes', async () => {
  expect(await loads('await storage.executions.list(); await storage.workflows.list();')).toBe(false);
});

test('who adds to a file does', async () => {
  const record = { at: '2026-01-01T00:00:00.000Z', actor: 'a', action: 'b', subject: 'c' };
  expect(await loads(`await storage.audit.add(${JSON.stringify(record)});`)).toBe(true);
});
