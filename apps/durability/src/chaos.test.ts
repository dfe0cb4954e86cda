import { afterAll, expect, it } from 'vitest';
import { bundle } from './testing/bundle.ts';
import { type ChaosArguments, chaosDocuments, jobOf } from './testing/chaos-plan.ts';
import { type Child, startChild } from './testing/child.ts';
import { createGround } from './testing/ground.ts';
import { pair } from './testing/pairs.ts';
import { makePlatform, type Place } from './testing/place.ts';
import { between, createRandom } from './testing/random.ts';
import { forEach } from './testing/read.ts';
import { expectAllEndedOnce } from './testing/verdict.ts';

const ground = createGround();
afterAll(ground.clear);

const jobs = Number(process.env.VWMP_CHAOS_JOBS ?? 10_000);
const seed = Number(process.env.VWMP_CHAOS_SEED ?? Math.floor(Math.random() * 1e9));
const workers = 8;

/** What must never reach anyone. */
const trouble = /^error|database is locked|SQLITE_|deadlock|unhandled|uncaught|^\s+at /im;

it.each([
  ['one SQLite file', 'sqlite', 'memory'],
  ['PostgreSQL and Redis', 'postgresql', 'redis'],
] as const)(
  'eight processes on %s that are killed at random carry everything out once',
  { timeout: 600_000 },
  async (name, storage, queue) => {
    console.log(`${name}: seed ${seed} (VWMP_CHAOS_SEED), ${jobs} jobs`);
    await endure(await pair(storage, queue).place(ground));
  },
);

async function endure(place: Place): Promise<void> {
  const random = createRandom(seed);
  const platform = await makePlatform({ ...place, VWMP_IN_PROCESS_WORKER: 'false' });
  await platform.open();
  for (const document of chaosDocuments) {
    const { id, name: title } = document;
    const draft = { id, name: title, type: 'generic', version: '0.1.0', text: JSON.stringify(document) };
    await platform.storage.workflows.save(draft, undefined);
  }

  /** Execution by number of the job. */
  const accepted = new Map<number, string>();
  let onAccepted = (): void => {};
  const launch = (slot: number): Child => {
    const left = Array.from({ length: jobs }, (_, n) => n).filter(
      (n) => n % workers === slot && !accepted.has(n),
    );
    return startChild(program, { place, seed, jobs: left } satisfies ChaosArguments, {
      onLine(line) {
        const [, n, id] = /^accepted (\d+) (.+)$/.exec(line) ?? [];
        if (id !== undefined) accepted.set(Number(n), id);
        onAccepted();
      },
    });
  };
  const program = await bundle('chaos-worker.ts', ground.folder());
  const children = Array.from({ length: workers }, (_, slot) => launch(slot));
  const ended: Child[] = [];
  // Not by the clock, or a slow machine would have them killed before they have done anything. Here this is several a second.
  for (let next = 0; next < jobs; next += between(random, 20, 120)) {
    await new Promise<void>((resolve) => {
      onAccepted = () => accepted.size >= next && resolve();
      onAccepted();
      // One that ended by itself would be waited for in vain.
      for (const child of children) void child.ended.then(() => resolve());
    });
    const slot = between(random, 0, workers - 1);
    for (const child of children) expect(child.process.exitCode, child.output()).toBeNull();
    ended.push(children[slot]!);
    await children[slot]!.kill();
    children[slot] = launch(slot);
  }
  await expect.poll(() => accepted.size, { timeout: 60_000 }).toBe(jobs);
  await forEach(accepted, async ([n, id]) => {
    const execution = await platform.wait(id, { timeout: 60_000 });
    expect(execution, `job ${n}`).toMatchObject({ status: 'success', output: jobOf(seed, n).output });
  });
  for (const child of children) child.process.kill('SIGTERM');
  for (const child of children) expect(await child.ended, child.output()).toEqual({ code: 0, signal: null });
  for (const child of [...ended, ...children]) expect(child.output()).not.toMatch(trouble);
  expect(await expectAllEndedOnce(platform.storage)).toBeGreaterThanOrEqual(jobs);
  console.log(`${ended.length} processes were killed`);
  await platform.close();
}
