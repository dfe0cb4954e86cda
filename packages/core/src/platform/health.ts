import type { PlatformParts } from './parts.ts';
import type { Health, PartHealth } from './platform.ts';
import { textOf } from './text-of.ts';

/** How long a part may take to answer, in milliseconds. */
const patience = 5000;

/** Asks every part whether it can be reached. Never rejects. @param parts - see {@link Platform.health} */
export async function askHealth(platform: PlatformParts, parts: PartHealth[] = []): Promise<Health> {
  const { settings, storage, queue, bus, clock, unrecorded } = platform;
  const ask = async (name: string, backend: string, ping: () => Promise<void>): Promise<void> => {
    const asked = clock.now();
    const part: PartHealth = { name, backend, ok: false };
    parts.push(part);
    const late = Promise.withResolvers<never>();
    const giveUp = (): void => late.reject(new Error(`It did not answer within ${patience} ms.`));
    const clear = clock.setTimer(asked + patience, giveUp, { elapsed: true });
    try {
      await Promise.race([ping(), late.promise]);
      part.ok = true;
      part.latency = clock.now() - asked;
    } catch (error) {
      part.message = textOf(error);
    }
    clear();
  };
  const { database, queue: queueSettings } = settings;
  const events =
    queueSettings.backend === 'redis' ? 'redis' : database.backend === 'postgresql' ? 'postgresql' : 'memory';
  await Promise.all([
    ask('database', database.backend, () => storage.ping()),
    ask('queue', queueSettings.backend, () => queue.ping()),
    ask('events', events, () => bus.ping()),
  ]);
  return { ready: parts.every(({ ok }) => ok), parts, unrecorded: unrecorded.size };
}
