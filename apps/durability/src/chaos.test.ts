import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bundle } from './testing/bundle.ts';
import { type ChaosArguments, chaosDocuments, jobOf } from './testing/chaos-plan.ts';
import { type Child, startChild } from './testing/child.ts';
import { createGround } from './testing/ground.ts';
import { pair } from './testing/pairs.ts';
import { makePlatform, type Place } from './testing/place.ts';
import { between, createRandom } from './testing/random.ts';
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
  { timeout: 300_000 },
  async (name, storage, queue) => {
    console.log(`${name}: seed ${seed} (VWMP_CHAOS_SEED), ${jobs} jobs`);
    await endure(await pair(storage, queue).place(ground));
  },
);

async function endure(place: Place): Promise<void> {
  const random = createRandom(seed);
  const folder = ground.folder();
  const platform = await makePlatform({ ...place, VWMP_IN_PROCESS_WORKER: 'false' });
  await platform.open();
  for (const document of chaosDocuments) {
    const { id, name: title } = document;
    const draft = { id, name: title, type: 'generic', version: '0.1.0', text: JSON.stringify(document) };
    await platform.storage.workflows.save(draft, undefined);
  }

  const share = Math.ceil(jobs / workers);
  const slots = Array.from({ length: workers }, (_, slot): ChaosArguments => {
    const first = slot * share;
    return {
      ...{ place, seed, first, end: Math.min(first + share, jobs) },
      accepted: join(folder, `${slot}`),
    };
  });
  const outputs: string[] = [];
  const started = new Set<number>();
  const program = await bundle('chaos-worker.ts', ground.folder());
  const launch = (slot: number): Child => {
    const child = startChild(program, slots[slot]);
    child.said('all started').then(
      () => started.add(slot),
      () => {},
    );
    return child;
  };
  const children = slots.map((_, slot) => launch(slot));
  let kills = 0;
  while (started.size < workers) {
    await new Promise((resolve) => setTimeout(resolve, between(random, 100, 700)));
    const slot = between(random, 0, workers - 1);
    const victim = children[slot]!;
    // One that ended by itself is a failure, which its output explains.
    expect(victim.process.exitCode, victim.output()).toBeNull();
    await victim.kill();
    kills++;
    outputs.push(victim.output());
    children[slot] = launch(slot);
  }
  const accepted = slots.flatMap((slot) => readFileSync(slot.accepted, 'utf8').trimEnd().split('\n'));
  expect(new Set(accepted.map((line) => line.split(' ')[0])).size).toBe(jobs);
  for (const line of accepted) {
    const [n, id] = line.split(' ');
    const execution = await platform.wait(id!, { timeout: 60_000 });
    expect(execution, line).toMatchObject({ status: 'success', output: jobOf(seed, Number(n)).output });
  }
  for (const child of children) child.process.kill('SIGTERM');
  for (const child of children) expect(await child.ended, child.output()).toEqual({ code: 0, signal: null });
  outputs.push(...children.map((child) => child.output()));

  for (const output of outputs) expect(output).not.toMatch(trouble);
  expect(kills).toBeGreaterThan(5);
  expect(await expectAllEndedOnce(platform.storage)).toBeGreaterThanOrEqual(jobs);
  await platform.close();
}
