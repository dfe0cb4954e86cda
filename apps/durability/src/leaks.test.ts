import { type Proxy as ServerProxy, startProxy } from '@vwmp/test-servers';
import { afterAll, describe, expect, it } from 'vitest';
import { startChild } from './testing/child.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { pairs } from './testing/pairs.ts';
import { makePlatform, type Place } from './testing/place.ts';

const ground = createGround();
afterAll(ground.clear);

describe.each(pairs.map((pair) => [pair.name, pair] as const))('%s', (_name, pair) => {
  it('leaves nothing behind after 100 platforms', { timeout: 120_000 }, async () => {
    const { place, proxies } = await throughProxies(await pair.place(ground), ground);
    const child = startChild('leaks-child.ts', place);
    const { before, after } = JSON.parse(await child.said('left ')) as Record<'before' | 'after', object>;
    expect(after).toEqual(before);
    for (const proxy of proxies) await expect.poll(() => proxy.connections()).toBe(0);
    // Nothing keeps it alive.
    expect(await child.ended, child.output()).toEqual({ code: 0, signal: null });
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  });

  it('two platforms in one process do not see each other', async () => {
    const [one, other] = await Promise.all(
      [pair.place(ground), pair.place(ground)].map(async (place) => {
        const platform = await makePlatform(await place);
        await platform.open();
        return platform;
      }),
    );
    const heard: string[] = [];
    other!.bus.subscribe(undefined, ({ execution_id }) => heard.push(execution_id));
    const text = JSON.stringify({
      id: 'w',
      name: 'w',
      steps: [{ id: 'a', handler: 'core.set', queue: 'q', config: { value: 1 } }],
    });
    await one!.storage.workflows.save(
      { id: 'w', name: 'w', type: 'generic', version: '0.1.0', text },
      undefined,
    );
    await one!.start('w', {}, { id: 'same', idempotencyKey: 'same' });
    expect(await one!.wait('same')).toMatchObject({ status: 'success' });

    await expect(other!.start('w')).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
    expect(await other!.execution('same')).toBeUndefined();
    await expect(other!.signal('same', 'go')).rejects.toMatchObject({ code: 'EXECUTION_NOT_FOUND' });
    expect((await other!.storage.executions.list()).count).toBe(0);
    expect(await other!.queue.queues()).not.toContain('q');
    expect(heard).toEqual([]);
    await one!.close();
    // The other one works on.
    const own = { name: 'own', steps: [{ id: 'a', handler: 'core.set', config: { value: 2 } }] };
    await other!.start(own, {}, { id: 'same' });
    expect(await other!.wait('same')).toMatchObject({ status: 'success', workflow_id: 'own' });
    expect(new Set(heard)).toEqual(new Set(['same']));
    await other!.close();
  });
});

/** The same place, with proxies before its servers that know who is connected. */
async function throughProxies(
  place: Place,
  { redis, postgres }: Ground,
): Promise<{ place: Place; proxies: ServerProxy[] }> {
  const changed: Record<string, string> = { ...place };
  const proxies: ServerProxy[] = [];
  for (const [variable, start] of [
    ['VWMP_DATABASE_URL', postgres],
    ['VWMP_REDIS_URL', redis],
  ] as const) {
    if (place[variable] === undefined) continue;
    const { port } = await start();
    const proxy = await startProxy({ port });
    proxies.push(proxy);
    changed[variable] = place[variable].replace(`:${port}`, `:${proxy.port}`);
  }
  return { place: changed, proxies };
}
