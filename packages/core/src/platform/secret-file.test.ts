import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { node } from '../adapters/file/node.ts';
import type { SecretSource } from '../ports/secret-source.ts';
import { readSettings } from '../settings/read-settings.ts';
import { createSecretFile, firstOf, type SecretFile } from './secret-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vwmp-secrets-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const open = (environment: Record<string, string> = {}): SecretFile =>
  createSecretFile(readSettings(environment, { cwd: folder, envFile: false }).settings);
const file = (): string => join(folder, '.vwmp/secrets');

test('secrets are kept encrypted, and only their owner can read the file', async () => {
  const secrets = open();
  expect(secrets.get('TOKEN')).toBeUndefined();
  expect(secrets.names()).toEqual([]);
  await secrets.set('TOKEN', 'open sesame');
  await secrets.set('other_ONE', 'ü\0\n');
  expect(secrets.get('TOKEN')).toBe('open sesame');
  expect(open().get('other_ONE')).toBe('ü\0\n');
  expect(open().get('token')).toBe('open sesame');
  expect(open().names()).toEqual(['TOKEN', 'other_ONE']);
  const text = readFileSync(file(), 'utf8');
  for (const word of ['open sesame', 'TOKEN', Buffer.from('open sesame').toString('base64').slice(0, 12)])
    expect(text).not.toContain(word);
  if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, '.vwmp')).sort()).toEqual(['secrets', 'vwmp.db.key']);
  expect(await secrets.remove('TOKEN')).toBe(true);
  expect(await secrets.remove('TOKEN')).toBe(false);
  expect(open().names()).toEqual(['other_ONE']);
});

test('a key that was written by hand opens them with and without its line feed', async () => {
  mkdirSync(join(folder, '.vwmp'));
  writeFileSync(join(folder, '.vwmp/vwmp.db.key'), 'a long and random text\n');
  await open().set('A', '1');
  const bare = open({ VWMP_ENCRYPTION_KEY: 'a long and random text' });
  expect(bare.get('A')).toBe('1');
  await bare.set('B', '2');
  expect(open().get('B')).toBe('2');
  expect(() => open({ VWMP_ENCRYPTION_KEY: 'another long and random text' }).names()).toThrow(
    expect.objectContaining({ code: 'ENCRYPTION_KEY_WRONG' }),
  );
});

test('the file goes with its last secret, and the next one may be set with another key', async () => {
  const secrets = open({ VWMP_ENCRYPTION_KEY: 'k'.repeat(32) });
  await secrets.set('A', '1');
  await secrets.set('B', '2');
  for (const name of ['A', 'B']) expect(await secrets.remove(name)).toBe(true);
  expect(readdirSync(join(folder, '.vwmp'))).toEqual([]);
  expect(secrets.names()).toEqual([]);
  expect(await secrets.remove('A')).toBe(false);
  const other = { VWMP_ENCRYPTION_KEY: 'o'.repeat(32) };
  expect(open(other).names()).toEqual([]);
  await open(other).set('C', '3');
  expect(open(other).get('C')).toBe('3');
});

test('nothing is made where there are no secrets', () => {
  expect(open().get('A')).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test('what another process sets is there within a second, without a restart', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const secrets = open();
  await secrets.set('A', '1');
  expect(secrets.get('A')).toBe('1');
  await open().set('A', '22');
  vi.advanceTimersByTime(1000);
  expect(secrets.get('A')).toBe('22');
  await open().remove('A');
  vi.advanceTimersByTime(1000);
  expect(secrets.get('A')).toBeUndefined();
});

test('the wrong key and a file that was changed are told apart from no secret', async () => {
  const right = { VWMP_ENCRYPTION_KEY: 'r'.repeat(32) };
  await open(right).set('A', 'value');
  const wrong = open({ VWMP_ENCRYPTION_KEY: 'w'.repeat(32) });
  const refused = expect.objectContaining({
    code: 'ENCRYPTION_KEY_WRONG',
    message: expect.stringContaining('VWMP_ENCRYPTION_KEY'),
  });
  expect(() => wrong.get('A')).toThrow(refused);
  await expect(wrong.set('B', 'x')).rejects.toEqual(refused);
  expect(open(right).names()).toEqual(['A']);

  const text = readFileSync(file(), 'utf8');
  const [head, body = ''] = text.split('\n');
  for (let at = 0; at < Buffer.from(body, 'base64').length; at++) {
    const bytes = Buffer.from(body, 'base64');
    bytes[at]! ^= 1;
    writeFileSync(file(), `${head}\n${bytes.toString('base64')}\n`);
    expect(() => open(right).get('A')).toThrow(refused);
  }
  for (const damaged of ['', 'hello', `${head}\n`, 'vwmp-secrets-v9\nAAAA']) {
    writeFileSync(file(), damaged);
    expect(() => open(right).get('A')).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }));
  }
  writeFileSync(file(), text);
  utimesSync(file(), 1, 1);
  expect(open(right).get('A')).toBe('value');
});

test('the first secret may come before the folder of the database', async () => {
  await open({ VWMP_SQLITE_PATH: 'data/x.db', VWMP_SECRETS_FILE: 'my.secrets' }).set('A', 'x');
  expect(readdirSync(folder).sort()).toEqual(['data', 'my.secrets']);
  expect(open({ VWMP_SQLITE_PATH: 'data/x.db', VWMP_SECRETS_FILE: 'my.secrets' }).get('A')).toBe('x');
});

test('reading makes no key where that of the secrets is missing, and names the file', async () => {
  await open().set('A', 'x');
  const key = join(folder, '.vwmp/vwmp.db.key');
  rmSync(key);
  for (const use of [() => open().names(), () => open().get('A')])
    expect(use).toThrow(
      expect.objectContaining({ code: 'ENCRYPTION_KEY_MISSING', message: expect.stringContaining(key) }),
    );
  await expect(open().set('B', 'x')).rejects.toMatchObject({ code: 'ENCRYPTION_KEY_MISSING' });
  expect(readdirSync(join(folder, '.vwmp'))).not.toContain('secrets.lock');
});

test('without a key there is nothing to encrypt with', async () => {
  const secrets = open({ VWMP_DATABASE_BACKEND: 'memory' });
  expect(secrets.get('A')).toBeUndefined();
  await expect(secrets.set('A', 'x')).rejects.toMatchObject({ code: 'ENCRYPTION_KEY_MISSING' });
});

test('names are those that expressions can read', async () => {
  for (const name of ['', '1a', 'a-b', 'a b', '__proto__', 'a'.repeat(129), 'ä'])
    await expect(open().set(name, 'x'), name).rejects.toMatchObject({ code: 'VALUE_INVALID' });
  await open().set('constructor', 'x');
  expect(open().get('constructor')).toBe('x');
  expect(open().get('toString')).toBeUndefined();
});

test('of several processes that set secrets at once none undoes another', async () => {
  const script = `
    import { createSecretFile } from ${JSON.stringify(new URL('./secret-file.ts', import.meta.url).href)};
    const settings = JSON.parse(process.argv[1]);
    for (let n = 0; n < 5; n++) await createSecretFile(settings).set('S' + process.argv[2] + '_' + n, 'v');
  `;
  const { settings } = readSettings({}, { cwd: folder, envFile: false });
  const run = (n: number) =>
    new Promise((resolve) => {
      const args = ['--input-type=module', '-e', script, JSON.stringify(settings), String(n)];
      spawn(process.execPath, args, { stdio: 'inherit' }).on('exit', resolve);
    });
  expect(await Promise.all([run(1), run(2), run(3)])).toEqual([0, 0, 0]);
  expect(open().names()).toHaveLength(15);
});

test('several sources are asked in turn', () => {
  const source = firstOf({ get: (name) => (name === 'a' ? '1' : undefined), names: () => ['a'] }, undefined, {
    get: (name) => ({ a: '2', b: '3' })[name],
    names: () => ['b', 'a'],
  });
  expect(source.names?.()).toEqual(['a', 'b']);
  expect(['a', 'b', 'c'].map((name) => source.get(name))).toEqual(['1', '3', undefined]);
});

test('a mapping is no source, and the message says what is', () => {
  const mapping = { TOKEN: 'hush' } as unknown as SecretSource;
  expect(() => firstOf(mapping, undefined)).toThrow(
    expect.objectContaining({
      code: 'VALUE_INVALID',
      message: expect.stringMatching(/"secrets" has no function "get".*Map/),
    }),
  );
});

test('where nothing can be written it says so, with the place', async () => {
  symlinkSync(join(folder, 'nowhere'), join(folder, '.vwmp'));
  const expected = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining(join(folder, '.vwmp')) };
  await expect(open().set('A', 'x')).rejects.toMatchObject(expected);
  rmSync(join(folder, '.vwmp'));
  mkdirSync(file(), { recursive: true });
  await expect(open().set('A', 'x')).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining(file()),
  });
});

test('a full disk leaves no lock behind', async () => {
  await open().set('A', 'x');
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' });
  const write = vi.spyOn(node.fs, 'writeFile').mockImplementationOnce(async (path) => {
    writeFileSync(path as string, '');
    throw full;
  });
  await expect(open().set('B', 'y')).rejects.toMatchObject({ code: 'STORE_FULL' });
  write.mockRestore();
  expect(readdirSync(join(folder, '.vwmp'))).not.toContain('secrets.lock');
});
