import { testQueueBackend } from '@vwmp/adapter-tests';
import { type RedisServer, startRedis } from '@vwmp/test-servers';
import { afterAll, beforeAll } from 'vitest';
import { redisPlace } from '../test/place.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

testQueueBackend('Redis queue', { durable: true, place: async () => redisPlace(server) });
