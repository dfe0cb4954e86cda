import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Connection, connect } from './connection.ts';
import { readSettings } from './settings.ts';
import { booleans, integers, texts } from './values.ts';

let connection: Connection;
beforeAll(async () => {
  connection = await connect(readSettings(inject('postgres')), 30_000);
});
afterAll(() => connection.close());

const textArb = fc
  .string({ unit: 'grapheme', maxLength: 50 })
  .map((text) => text.replaceAll('\0', '').toWellFormed());

test('arrays arrive as they are, with everything that is in them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(textArb), { maxLength: 20 }),
      fc.array(fc.option(fc.maxSafeInteger()), { maxLength: 20 }),
      fc.array(fc.boolean(), { maxLength: 20 }),
      async (words, numbers, flags) => {
        const [one, two, three] = await connection.run(
          [
            { text: 'select unnest($1::text[])', values: [texts(words)] },
            { text: 'select unnest($1::bigint[])', values: [integers(numbers)] },
            { text: 'select unnest($1::boolean[])', values: [booleans(flags)] },
          ],
          30_000,
        );
        expect(one!.rows.map(([text]) => text)).toEqual(words);
        expect(two!.rows.map(([text]) => (text === null ? null : Number(text)))).toEqual(numbers);
        expect(three!.rows.map(([text]) => text === 't')).toEqual(flags);
      },
    ),
    { numRuns: 200 },
  );
});

test('statements of one exchange are one transaction, in which each sees what the one before did', async () => {
  await connection.run('create temporary table seen (n int)', 30_000);
  const add = { text: 'insert into seen select count(*) from seen returning n' };
  const answers = await connection.run([add, add, add], 30_000);
  expect(answers.map(({ rows }) => rows)).toEqual([[['0']], [['1']], [['2']]]);
  await expect(connection.run([add, { text: 'select 1 / 0' }, add], 30_000)).rejects.toMatchObject({
    code: '22012',
  });
  const [left] = await connection.run([{ text: 'select count(*) from seen' }], 30_000);
  expect(left!.rows).toEqual([['3']]);
});

test('a statement that fails is prepared anew, and one that worked is not', async () => {
  const bad = { name: 'bad', text: 'select nowhere' };
  const good = { name: 'good', text: 'select $1::text', values: ['x'] };
  for (let n = 0; n < 2; n++) {
    await expect(connection.run([good, bad, { name: 'after', text: 'select 1' }], 30_000)).rejects.toThrow(
      'nowhere',
    );
    expect((await connection.run([good, { name: 'after', text: 'select 1' }], 30_000)).length).toBe(2);
  }
  const [names] = await connection.run('select count(*) from pg_prepared_statements', 30_000);
  expect(names!.rows).toEqual([['2']]);
});
