import type { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { readEndpoint } from './endpoint.ts';
import type { Link } from './link.ts';
import { Requests } from './requests.ts';

it('what is refused at once is tried again without keeping the process from everything else', async () => {
  const requests = new Requests(readEndpoint({ timeout: 1000 }));
  requests.link = {
    ready: async () => ({}) as Redis,
    gather() {},
    place: undefined,
    reason: 'the connection was closed',
  } as unknown as Link;
  // As the driver does, from the moment at which a connection has ended until it is told.
  let isTold = false;
  setImmediate(() => {
    isTold = true;
  });
  const ask = async (): Promise<string> => {
    if (isTold) return 'answer';
    throw new Error("Stream isn't writeable and enableOfflineQueue options is false");
  };
  expect(await requests.insist(() => requests.run(ask))).toBe('answer');
});
