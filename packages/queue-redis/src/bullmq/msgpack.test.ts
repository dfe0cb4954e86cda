import { type RedisServer, startRedis } from '@vwmp/test-servers';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Packable, pack } from './msgpack.ts';

let server: RedisServer;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

test('Redis unpacks what is packed', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 80 });
  // Lua writes numbers with 14 digits.
  const number = fc.oneof(
    fc.integer({ min: -2e12, max: 2e12 }),
    fc.integer().map((value) => value / 8),
  );
  const flat = fc.oneof(text, number, fc.boolean());
  // Lua has no empty list that is not an empty map, and no nil in a list.
  const list = fc.array(flat, { minLength: 1, maxLength: 40 });
  const map = fc.dictionary(
    fc.string({ unit: 'grapheme-ascii', minLength: 1 }).map((key) => `k${key}`),
    fc.oneof(flat, list),
    {
      ...{ minKeys: 1, maxKeys: 30 },
    },
  );
  const lua = 'return cjson.encode(cmsgpack.unpack(ARGV[1]))';
  await fc.assert(
    fc.asyncProperty(fc.oneof(list, map), async (value) => {
      const read = JSON.parse((await redis.eval(lua, 0, pack(value as Packable))) as string) as unknown;
      expect(read).toEqual(value);
    }),
    { numRuns: 200 },
  );
});

test('nothing and undefined are left out', async () => {
  const lua = 'local given = cmsgpack.unpack(ARGV[1]) return {tostring(given.a), tostring(given.b), given.c}';
  expect(await redis.eval(lua, 0, pack({ a: undefined, b: null, c: 'x' }))).toEqual(['nil', 'nil', 'x']);
});
