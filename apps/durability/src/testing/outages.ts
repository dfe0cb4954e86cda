import type { Platform } from '@vwmp/core/platform';
import { startProxy } from '@vwmp/test-servers';
import { afterAll, describe, type ExpectStatic, it } from 'vitest';
import { createGround, type Ground } from './ground.ts';
import { type Load, startLoad } from './load.ts';
import { pair } from './pairs.ts';
import { makePlatform, type Place } from './place.ts';
import { expectCarriedOut } from './verdict.ts';

/** How long servers are silent, in milliseconds: far longer than whatever an adapter waits for. */
const silence = 60_000;

interface Server {
  restart(): Promise<void>;
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

interface Outage {
  name: string;
  /** False when it may be over before anyone can notice. */
  noticed: boolean;
  begin(server: Server, proxy: Awaited<ReturnType<typeof startProxy>>): Promise<void>;
  end(server: Server, proxy: Awaited<ReturnType<typeof startProxy>>): Promise<void>;
}

/** The server that fails. */
interface Target {
  server(ground: Ground): Promise<Server & { port: number }>;
  /** Which has its address. */
  variable: 'VWMP_DATABASE_URL' | 'VWMP_REDIS_URL';
  /** What of the health tells of it. */
  part: string;
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** One after the other on the same servers. */
const absences: readonly Outage[] = [
  { name: 'restarted', noticed: false, begin: (server) => server.restart(), end: async () => {} },
  { name: 'killed', noticed: true, begin: (server) => server.kill(), end: (server) => server.restart() },
  {
    name: 'cut off',
    noticed: true,
    begin: (_server, proxy) => proxy.cut('refused'),
    end: (_server, proxy) => proxy.restore(),
  },
  {
    name: 'dropping all connections',
    noticed: false,
    begin: (_server, proxy) => proxy.cut('dropped'),
    end: async () => {},
  },
];

/** Each on servers of its own, since most of it is waiting. */
const silences: readonly Outage[] = [
  {
    name: 'frozen',
    noticed: true,
    async begin(server) {
      server.freeze();
      await pause(silence);
    },
    end: async (server) => server.thaw(),
  },
  {
    name: 'behind a line that went silent',
    noticed: true,
    async begin(_server, proxy) {
      await proxy.cut('silent');
      await pause(silence);
    },
    end: (_server, proxy) => proxy.restore(),
  },
];

/** Has one of the servers of a platform fail in every way, under load. Several such suites may run at the same time. */
export function testOutages(name: string, target: Target): void {
  for (const outages of [absences, ...silences.map((silence) => [silence])])
    testInTurn(name, target, outages);
}

function testInTurn(
  name: string,
  { variable, part, server: serverOf }: Target,
  outages: readonly Outage[],
): void {
  describe.concurrent(name, () => {
    const ground = createGround();
    afterAll(ground.clear);

    it.for(outages.map((outage) => [outage.name, outage] as const))(
      '%s: nothing that was accepted is lost, and all goes on by itself',
      { timeout: 120_000 + 2 * silence, concurrent: false },
      async ([_name, { begin, end, noticed }], { expect }) => {
        const server = await serverOf(ground);
        const proxy = await startProxy(server);
        const direct = await pair('postgresql', 'redis').place(ground);
        const place: Place = {
          ...direct,
          [variable]: direct[variable]!.replace(`:${server.port}`, `:${proxy.port}`),
        };
        const platform = await makePlatform(place, { logger: { log() {} } });
        await platform.open();
        const load = startLoad(platform, 16);
        await expectProgress(platform, load, expect);
        expect((await platform.health()).ready).toBe(true);

        await begin(server, proxy);
        if (noticed) {
          await expect
            .poll(() => platform.health(), { timeout: 60_000 })
            .toMatchObject({
              ready: false,
              parts: expect.arrayContaining([expect.objectContaining({ name: part, ok: false })]),
            });
        }
        await end(server, proxy);
        await expect.poll(() => platform.health(), { timeout: 60_000 }).toMatchObject({ ready: true });
        await expectProgress(platform, load, expect);

        await load.stop();
        await expectCarriedOut(platform, load);
        await platform.close();
        await proxy.stop();
      },
    );
  });
}

/** What is accepted from now on is carried out. */
async function expectProgress(platform: Platform, load: Load, expect: ExpectStatic): Promise<void> {
  const before = load.accepted.length;
  await expect.poll(() => load.accepted.length, { timeout: 60_000 }).toBeGreaterThan(before + 20);
  const last = load.accepted.at(-1)!;
  expect(await platform.wait(last, { timeout: 60_000 })).toMatchObject({ status: 'success' });
}
