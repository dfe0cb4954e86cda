import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Platform } from '@vwmp/core/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { statuses } from './app/statuses.ts';
import { operations, splitOperation } from './contract/index.ts';
import { openPlatform } from './live/testing/platform.ts';
import { createServer, type VwmpServer } from './server/create-server.ts';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/api.md'), 'utf8');
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'vwmp-docs-'));
// Inside of the package, so that the examples find it under its own name.
const inside = mkdtempSync(join(import.meta.dirname, '../.readme-'));

let platform: Platform;
let server: VwmpServer;
let url: string;
beforeAll(async () => {
  platform = await openPlatform({}, { VWMP_API_PORT: '0' });
  server = createServer(platform);
  ({ url } = await server.listen());
});
afterAll(async () => {
  await server.close();
  await platform.close();
  rmSync(folder, { recursive: true });
  rmSync(inside, { recursive: true });
});

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code!);
}

test('the commands of the page work, one after the other', async () => {
  const commands = blocks(page, 'sh');
  expect(commands.length).toBe(3);
  let output = '';
  for (const command of commands) {
    // An answer that is an error ends the script, but where it waits for something.
    const script = `set -e\ncurl() { command curl -sS --fail-with-body "$@"; }\n${command}`;
    const { stdout } = await run('bash', ['-c', script], { cwd: folder, env: { ...process.env, VWMP: url } });
    output += stdout;
  }
  expect(output).toContain('"output":"Hello Ana"');
  expect(output).toContain('event":"workflow_completed"');
  expect(output).toContain('Did you mean \\"core.set\\"?');
  expect((await platform.workflows.get('greeting'))?.text).toMatch(/comment included\.\n.*Welcome/s);
});

test('the programs of the page and of the README work', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  for (const [index, program] of [...blocks(page, 'ts'), ...blocks(readme, 'ts')].entries()) {
    const file = join(inside, `example-${index}.ts`);
    writeFileSync(file, program);
    const { stdout } = await run(process.execPath, ['--conditions=source', file], {
      cwd: inside,
      env: { ...process.env, VWMP: url },
    });
    expect(stdout).toMatch(/workflow_completed\n$|^200\nhttp:|^\[/);
  }
});

test('the page has every code with its status', () => {
  const documented = [...page.matchAll(/^\| (\d{3}) \| (.*) \|$/gm)].flatMap(([, status, codes = '']) =>
    [...codes.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => `${code} ${status}`),
  );
  const known = Object.entries(statuses).map(([code, status]) => `${code} ${status}`);
  expect(documented.filter((each) => each !== 'INTERNAL_ERROR 500').sort()).toEqual(known.sort());
});

test('the paths that the page on migration names are there', () => {
  const migration = readFileSync(join(root, 'docs/migration.md'), 'utf8');
  const paths = Object.keys(operations).map((name) =>
    splitOperation(name as keyof typeof operations).path.replace(/\{\w+\}/g, '{}'),
  );
  const named = [...migration.matchAll(/(\/api\/vwmp\/[^`\s?]*)/g)].map(([, path = '']) =>
    path.replace(/\{\w+\}/g, '{}'),
  );
  expect(named.filter((path) => path !== '/api/vwmp/' && !paths.includes(path))).toEqual([]);
});
