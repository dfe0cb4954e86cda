import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defineHandler, emit, suspend, VwmpError } from '../index.ts';
import { Type } from '../schema.ts';
import { runHandler } from './index.ts';

const echo = defineHandler({
  description: 'Gives its config back.',
  config: Type.Object({ value: Type.Unknown(), times: Type.Optional(Type.Integer({ default: 2 })) }),
  execute: ({ config }) => config,
});

it('gives output, port, logs and progress, and files of a workspace that is gone afterwards', async () => {
  let root = '';
  const count = defineHandler({
    description: 'Counts words.',
    config: Type.Object({ path: Type.String() }),
    ports: ['few'],
    async execute({ config, workspace, logger, progress, secrets }) {
      root = workspace.root;
      const text = await readFile(await workspace.resolve(config.path), 'utf8');
      logger.info(`${secrets.get('NAME')} counts`, { path: config.path });
      progress({ total: 2, completed: 1 });
      const words = text.split(' ').length;
      await writeFile(await workspace.resolve('out/count.txt'), String(words));
      return emit('few', words);
    },
  });
  const files = { 'in/a.txt': 'one two', 'out/old.txt': Buffer.from('old') };
  const run = await runHandler(count, { path: 'in/a.txt' }, { files, secrets: { NAME: 'Alberta' } });
  expect(run).toEqual({
    output: 2,
    port: 'few',
    logs: [{ level: 'info', message: '*** counts', data: { path: 'in/a.txt' } }],
    progress: [{ total: 2, completed: 1, failed: 0, message: undefined }],
    files: { 'in/a.txt': 'one two', 'out/old.txt': 'old', 'out/count.txt': '2' },
  });
  expect(existsSync(root)).toBe(false);
});

it('takes any config as it is, and fills in defaults', async () => {
  expect((await runHandler(echo, { value: '${x} $${y} ${' })).output).toEqual({
    value: '${x} $${y} ${',
    times: 2,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('$', '{', '}', 'a', '${', '"')), async (parts) => {
      const value = parts.join('');
      expect((await runHandler(echo, { value })).output).toMatchObject({ value });
    }),
    { numRuns: 100 },
  );
});

it('fails with what the handler fails with, and for a config that is not valid', async () => {
  await expect(runHandler(echo, { value: 1, times: 'x' })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/^The config is not valid:\n.*times/),
    details: [expect.objectContaining({ code: 'CONFIG_INVALID' })],
  });
  await expect(runHandler(echo)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  const fails = defineHandler({
    description: 'Fails.',
    config: Type.Object({}),
    execute() {
      throw new VwmpError('NO_STOCK', 'Sold out.', { details: { article: 'a' }, retryable: false });
    },
  });
  await expect(runHandler(fails)).rejects.toMatchObject({
    ...{ code: 'NO_STOCK', message: 'Sold out.', details: { article: 'a' }, retryable: false },
  });
});

it('skips what a handler waits for, and cancels it by a signal', async () => {
  const later = defineHandler({
    description: 'Waits.',
    config: Type.Object({}),
    execute: () => suspend({ kind: 'timer', duration: '30d' }),
    resume: () => 'later',
  });
  expect((await runHandler(later)).output).toBe('later');
  const abort = new AbortController();
  const listens = defineHandler({
    description: 'Works until it is cancelled.',
    config: Type.Object({}),
    execute: ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        abort.abort();
      }),
  });
  await expect(runHandler(listens, {}, { signal: abort.signal })).rejects.toMatchObject({
    code: 'EXECUTION_CANCELLED',
  });
});

it('ends, though a handler does not listen to the signal that cancels it', async () => {
  const abort = new AbortController();
  const deaf = defineHandler({
    description: 'Never ends.',
    config: Type.Object({}),
    execute: () =>
      new Promise(() => {
        abort.abort();
      }),
  });
  await expect(runHandler(deaf, {}, { signal: abort.signal })).rejects.toMatchObject({
    code: 'EXECUTION_CANCELLED',
  });
});

it('sends a handler that waits what it waits for', async () => {
  const pick = defineHandler({
    description: 'Waits until it was picked.',
    config: Type.Object({ twice: Type.Optional(Type.Boolean()) }),
    execute: ({ config }) =>
      config.twice === undefined ? suspend({ kind: 'signal', signal: 'picked', timeout: '2d' }) : 'at once',
    resume: (_context, payload) => ({ picked: payload }),
  });
  expect((await runHandler(pick, {}, { signals: { picked: { by: 'Bo' } } })).output).toEqual({
    picked: { by: 'Bo' },
  });
  expect((await runHandler(pick, { twice: true }, { signals: { picked: null } })).output).toBe('at once');
  await expect(runHandler(pick, {}, { signals: { packed: 1 } })).rejects.toMatchObject({
    code: 'WAIT_TIMEOUT',
  });
});

it('does not begin when a signal cannot be sent', async () => {
  let begun = false;
  const waits = defineHandler({
    description: 'Waits until it was picked.',
    config: Type.Object({}),
    execute: () => {
      begun = true;
      return suspend({ kind: 'signal', signal: 'picked' });
    },
  });
  const signals = { fine: 1, picked: (() => {}) as never };
  await expect(runHandler(waits, {}, { signals })).rejects.toMatchObject({ code: 'VALUE_INVALID' });
  // A large one: what is checked when it is sent is checked before.
  const large = { picked: 'x'.repeat(20_000_000) };
  await expect(runHandler(waits, {}, { signals: large })).rejects.toMatchObject({ code: 'VALUE_INVALID' });
  expect(begun).toBe(false);
});

it('takes secrets by name, and from what an engine takes them from', async () => {
  const tell = defineHandler({
    ...{ description: 'Tells how long a secret is.', config: Type.Object({}) },
    execute: ({ secrets }) => secrets.get('get').length,
  });
  for (const secrets of [{ get: 'four' }, new Map([['get', 'four']]), { get: () => 'four' }])
    expect((await runHandler(tell, {}, { secrets })).output).toBe(4);
  await expect(runHandler(tell, {}, { secrets: new Map() })).rejects.toMatchObject({
    code: 'SECRET_MISSING',
  });
});
