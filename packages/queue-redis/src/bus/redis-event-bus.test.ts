import { testEventBus } from '@vwmp/adapter-tests';
import { type RedisServer, startRedis } from '@vwmp/test-servers';
import { afterAll, beforeAll } from 'vitest';
import { createRedisEventBus } from '../index.ts';

let server: RedisServer;
let places = 0;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

testEventBus('Redis event bus', {
  durable: true,
  async place() {
    const prefix = `place-${++places}`;
    return { make: () => createRedisEventBus({ url: server.url, prefix }) };
  },
});
