import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSettings } from '../settings/index.ts';
import { encryptionKeySource } from './encryption-key.ts';
import { createSealer } from './seal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vwmp-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function source(environment: Record<string, string>): () => string | undefined {
  return encryptionKeySource(readSettings(environment, { cwd: folder }).settings);
}

it('is made once beside the database, and only its owner can read it', () => {
  const path = join(folder, 'data.db');
  const key = source({ VWMP_SQLITE_PATH: path })();
  expect(key).toMatch(/^[\w-]{43}$/);
  expect(source({ VWMP_SQLITE_PATH: path })()).toBe(key);
  expect(readdirSync(folder)).toEqual(['data.db.key']);
  expect(statSync(`${path}.key`).mode & 0o077).toBe(0);
});

it('is what the settings say, and missing where several machines would need the same one', () => {
  expect(source({ VWMP_ENCRYPTION_KEY: 'a long and random text, given' })()).toBe(
    'a long and random text, given',
  );
  const full = { VWMP_DATABASE_BACKEND: 'postgresql', VWMP_DATABASE_URL: 'postgresql://localhost/x' };
  expect(source(full)()).toBeUndefined();
});

it('says where it cannot be made', () => {
  const key = source({ VWMP_SQLITE_PATH: join(folder, 'nowhere', 'data.db') });
  expect(key).toThrow(
    expect.objectContaining({ code: 'ENCRYPTION_KEY_MISSING', message: expect.stringContaining('nowhere') }),
  );
});

it('opens what it sealed, and nothing that was changed or sealed with another one', () => {
  const sealer = createSealer(() => 'one');
  const content = { parameters: { token: 'ä"\u0000' }, secrets: ['x'] };
  const sealed = sealer.seal(content);
  expect(sealer.seal(content)).not.toBe(sealed);
  expect(createSealer(() => 'one').open(sealed)).toEqual(content);
  const wrong = expect.objectContaining({ code: 'ENCRYPTION_KEY_WRONG' });
  expect(() => createSealer(() => 'two').open(sealed)).toThrow(wrong);
  expect(() => sealer.open(`${sealed.slice(0, -6)}AAAA==`)).toThrow(wrong);
  expect(() => sealer.open('')).toThrow(wrong);
  expect(() => createSealer(() => undefined).seal(content)).toThrow(
    expect.objectContaining({ code: 'ENCRYPTION_KEY_MISSING' }),
  );
});
