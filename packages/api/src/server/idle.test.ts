import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vwmp-idle-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Loaded {
  /** Files of ours. */
  files: string[];
  /** Modules of Node that a plain server has not loaded. */
  node: string[];
}

const location = fileURLToPath(new URL('../..', import.meta.url));

/** Has a server of the built packages listen, does what is asked for, and says what is loaded by then. */
function loaded(work = ''): Loaded {
  expect(existsSync(`${location}dist/index.js`), 'the built package: npm run build').toBe(true);
  const data = JSON.stringify(join(folder, 'data'));
  const program = `
const files = new Set();
const session = new (process.getBuiltinModule('node:inspector').Session)();
session.connect();
session.on('Debugger.scriptParsed', ({ params: { url } }) => {
  const [, file] = /packages\\/(.*)/.exec(url) ?? [];
  if (file?.endsWith('.js')) files.add(file.replace(/(chunks\\/.*)-.{8}\\.js/, '$1.js'));
});
session.post('Debugger.enable');
const plain = process.getBuiltinModule('node:http').createServer(() => {});
await new Promise((resolve) => plain.listen(0, '127.0.0.1', resolve));
const before = new Set(process.moduleLoadList);

const { readSettings } = await import('@vwmp/core/settings');
const { createPlatform } = await import('@vwmp/core/platform');
const { createServer } = await import('@vwmp/api');
const env = { VWMP_DATABASE_BACKEND: 'file', VWMP_FILE_PATH: ${data}, VWMP_API_PORT: '0' };
const { settings } = readSettings(env, { cwd: '/nowhere' });
const platform = await createPlatform(settings, { logger: { log() {} } });
await platform.open();
const server = createServer(platform);
await server.listen();
const save = (id, triggers) => {
  const text = JSON.stringify({ id, name: id, triggers, steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }] });
  return platform.workflows.save({ id, name: id, type: 'custom', version: '1.0.0', text }, undefined);
};
${work}
const node = process.moduleLoadList.filter((name) => name.startsWith('NativeModule ') && !before.has(name));
console.log(JSON.stringify({ files: [...files].sort(), node: node.map((name) => name.slice(13)).sort() }));
process.exit();
`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: location,
  });
  return JSON.parse(String(output)) as Loaded;
}

const scheduler = 'core/dist/platform-schedules.js';

test('a server that nobody has asked anything has loaded these files, and little of Node that a plain one has not', () => {
  expect(loaded()).toMatchInlineSnapshot(`
    {
      "files": [
        "api/dist/chunks/list.js",
        "api/dist/index.js",
        "core/dist/adapters-file-lock.js",
        "core/dist/file.js",
        "core/dist/index.js",
        "core/dist/platform.js",
        "core/dist/settings.js",
        "queue-memory/dist/index.js",
      ],
      "node": [
        "internal/modules/esm/initialize_import_meta",
        "internal/source_map/source_map",
        "module",
        "os",
      ],
    }
  `);
});

test('what carries out schedules is loaded once a workflow with one is saved', () => {
  const { files } = loaded(`await save('plain', []);`);
  expect(files).not.toContain(scheduler);
  const saved = loaded(`
await save('nightly', [{ schedule: '0 3 * * *' }]);
if ((await platform.schedules.list()).results.length !== 1) throw new Error('It has no schedule.');`);
  expect(saved.files).toContain(scheduler);
});

test('and where there is one, by opening', () => {
  const { files } = loaded(`
while (!files.has('${scheduler}')) await new Promise((resolve) => setTimeout(resolve, 10));`);
  expect(files).toContain(scheduler);
});
