import { type SentinelServers, startSentinels } from '@vwmp/test-servers';
import { afterAll, describe, it } from 'vitest';
import { createGround } from './testing/ground.ts';
import { startLoad } from './testing/load.ts';
import { pair } from './testing/pairs.ts';
import { makePlatform } from './testing/place.ts';
import { expectCarriedOut } from './testing/verdict.ts';

/** What makes Redis Sentinel put the replica in the place of the master. What the replica does not have yet is lost. */
const failovers: Record<string, (servers: SentinelServers) => Promise<void>> = {
  'the master is killed': ({ nodes }) => nodes[0].kill(),
  'the master is silent': async ({ nodes }) => nodes[0].freeze(),
  'an operator has them change places': ({ failover }) => failover(),
};

for (const storage of ['sqlite', 'postgresql'] as const) {
  // At the same time, as most of it is waiting; each has servers of its own.
  describe.concurrent(`Redis with Sentinel, and ${storage}`, () => {
    const ground = createGround();
    afterAll(ground.clear);

    it.for(Object.entries(failovers))(
      '%s: nothing that was accepted is lost, and all goes on by itself',
      { timeout: 120_000, concurrent: false },
      async ([_name, failover], { expect }) => {
        const servers = await startSentinels({ sentinels: 3 });
        const place = await pair(storage, 'memory').place(ground);
        const platform = await makePlatform(
          { ...place, VWMP_QUEUE_BACKEND: 'redis', VWMP_REDIS_URL: servers.url },
          { logger: { log() {} } },
        );
        await platform.open();
        const load = startLoad(platform, 16);
        await expect.poll(() => load.accepted.length, { timeout: 60_000 }).toBeGreaterThan(50);

        await failover(servers);
        await expect.poll(servers.master, { timeout: 60_000 }).toBe(servers.nodes[1]);
        await expect.poll(() => platform.health(), { timeout: 60_000 }).toMatchObject({ ready: true });
        const before = load.accepted.length;
        await expect.poll(() => load.accepted.length, { timeout: 60_000 }).toBeGreaterThan(before + 50);

        await load.stop();
        await expectCarriedOut(platform, load);
        await platform.close();
        await servers.stop();
      },
    );
  });
}
