import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSettings } from '../settings/index.ts';
import { encryptionKeySource, type KeySource } from './encryption-key.ts';
import { createSealer } from './seal.ts';
import { checkEncryptionKey, createSecretFile } from './secret-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vwmp-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const given = (key: string | undefined): KeySource => ({
  read: () => key,
  readOrMake: () => key,
  check() {},
});

function source(environment: Record<string, string>): KeySource {
  return encryptionKeySource(readSettings(environment, { cwd: folder }).settings);
}

it('is made once beside the database, and only its owner can read it', () => {
  const path = join(folder, 'data.db');
  const key = source({ VWMP_SQLITE_PATH: path }).readOrMake();
  expect(key).toMatch(/^[\w-]{43}$/);
  expect(source({ VWMP_SQLITE_PATH: path }).read()).toBe(key);
  expect(readdirSync(folder)).toEqual(['data.db.key']);
  expect(statSync(`${path}.key`).mode & 0o077).toBe(0);
});

it('is what the settings say, and missing where several machines would need the same one', () => {
  expect(source({ VWMP_ENCRYPTION_KEY: 'a long and random text, given' }).read()).toBe(
    'a long and random text, given',
  );
  const full = { VWMP_DATABASE_BACKEND: 'postgresql', VWMP_DATABASE_URL: 'postgresql://localhost/x' };
  expect(source(full).readOrMake()).toBeUndefined();
});

it('is made before the database and its folder', () => {
  const path = join(folder, 'data/deep', 'x.db');
  expect(source({ VWMP_SQLITE_PATH: path }).readOrMake()).toMatch(/^[\w-]{43}$/);
  expect(readdirSync(join(folder, 'data/deep'))).toEqual(['x.db.key']);
});

it('may be written by hand', () => {
  const path = join(folder, 'data.db');
  writeFileSync(`${path}.key`, 'a long and random text\n');
  const content = { parameters: { a: 1 }, secrets: ['x'] };
  const sealed = createSealer(given('a long and random text\n')).seal(content);
  const open = (environment: Record<string, string>): unknown =>
    createSealer(source(environment)).open(sealed);
  expect(open({ VWMP_SQLITE_PATH: path })).toEqual(content);
  // As $(cat data.db.key) gives it.
  expect(open({ VWMP_SQLITE_PATH: path, VWMP_ENCRYPTION_KEY: 'a long and random text' })).toEqual(content);
  const bare = createSealer(given('a long and random text'));
  expect(createSealer(source({ VWMP_SQLITE_PATH: path })).open(bare.seal(content))).toEqual(content);
  // Whoever reads the file as it is, reads what is sealed with it.
  expect(source({ VWMP_SQLITE_PATH: path }).readOrMake()).toBe('a long and random text\n');
});

it('says where it cannot be made or read', () => {
  const file = join(folder, 'text');
  writeFileSync(file, '');
  const below = source({ VWMP_SQLITE_PATH: join(file, 'data.db') });
  expect(below.readOrMake).toThrow(
    expect.objectContaining({ code: 'ENCRYPTION_KEY_MISSING', message: expect.stringContaining(file) }),
  );
  writeFileSync(join(folder, 'data.db.key'), '\n');
  expect(source({ VWMP_SQLITE_PATH: join(folder, 'data.db') }).read).toThrow(
    expect.objectContaining({ code: 'ENCRYPTION_KEY_MISSING', message: expect.stringContaining('empty') }),
  );
});

it('is not made where there are secrets that were encrypted with one that is gone', async () => {
  const environment = { VWMP_DATABASE_BACKEND: 'file', VWMP_FILE_PATH: folder, VWMP_QUEUE_BACKEND: 'memory' };
  const { settings } = readSettings(environment, { cwd: folder });
  checkEncryptionKey(settings);
  await createSecretFile(settings).set('TOKEN', 'abcdefgh');
  checkEncryptionKey(settings);
  const key = join(folder, 'encryption.key');
  renameSync(key, `${key}.away`);
  const message = expect.stringMatching(
    /there is no file .*encryption\.key\. Put it back there, .* delete .*secrets and set the secrets again/,
  );
  const missing = expect.objectContaining({ code: 'ENCRYPTION_KEY_MISSING', message });
  expect(() => checkEncryptionKey(settings)).toThrow(missing);
  expect(() => checkEncryptionKey({ ...settings, encryptionKey: 'another one' })).toThrow(
    expect.objectContaining({ code: 'ENCRYPTION_KEY_WRONG' }),
  );
  checkEncryptionKey({ ...settings, encryptionKey: readFileSync(`${key}.away`, 'utf8') });
  const seal = (): unknown =>
    createSealer(encryptionKeySource(settings)).seal({ parameters: {}, secrets: [] });
  expect(seal).toThrow(missing);
  expect(existsSync(key)).toBe(false);
  renameSync(`${key}.away`, key);
  expect(seal()).toMatch(/^v1\./);
  expect(createSecretFile(settings).get('TOKEN')).toBe('abcdefgh');
});

it('is not made by opening what was sealed, and the message names the file', () => {
  const path = join(folder, 'data.db');
  const sealed = createSealer(given('one')).seal({ parameters: {}, secrets: [] });
  const open = (): unknown => createSealer(source({ VWMP_SQLITE_PATH: path })).open(sealed);
  const message = expect.stringContaining(`${path}.key`);
  expect(open).toThrow(expect.objectContaining({ code: 'ENCRYPTION_KEY_MISSING', message }));
  expect(existsSync(`${path}.key`)).toBe(false);
  writeFileSync(`${path}.key`, 'another one');
  expect(open).toThrow(expect.objectContaining({ code: 'ENCRYPTION_KEY_WRONG', message }));
  expect(open).not.toThrow(/VWMP_ENCRYPTION_KEY is not/);
});

it('opens what it sealed, and nothing that was changed or sealed with another one', () => {
  const sealer = createSealer(given('one'));
  const content = { parameters: { token: 'ä"\u0000' }, secrets: ['x'] };
  const sealed = sealer.seal(content);
  expect(sealer.seal(content)).not.toBe(sealed);
  expect(createSealer(given('one')).open(sealed)).toEqual(content);
  const wrong = expect.objectContaining({ code: 'ENCRYPTION_KEY_WRONG' });
  expect(() => createSealer(given('two')).open(sealed)).toThrow(wrong);
  expect(() => sealer.open(`${sealed.slice(0, -6)}AAAA==`)).toThrow(wrong);
  expect(() => sealer.open('')).toThrow(wrong);
  expect(() => createSealer(given(undefined)).seal(content)).toThrow(
    expect.objectContaining({ code: 'ENCRYPTION_KEY_MISSING' }),
  );
});
