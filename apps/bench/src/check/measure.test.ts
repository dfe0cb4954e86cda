import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Installed } from './installed.ts';
import { measureOne } from './measure.ts';
import { type Measurement, measurements } from './metrics.ts';
import noise from './noise.json' with { type: 'json' };

/** Of an unchanged tree beside itself, on two cores at a load of 4: far busier than a check should ever run. */
const series = [
  { name: 'start', id: 'start.import' },
  { name: 'cpuOfStart', id: 'cpu.import' },
  { name: 'cpu', id: 'cpu.request' },
] as const;

const installed = (folder: string): Installed => ({ folder, artifacts: {}, remove: () => undefined });

/** Carries a whole measurement out on rounds that are drawn from those that were measured. */
async function judge({ name, id }: (typeof series)[number], seed: number, change: (value: number) => number) {
  const rounds: readonly (readonly number[])[] = noise[name];
  const measurement = measurements.find(({ metrics }) => metrics.some((metric) => metric.id === id))!;
  const metric = measurement.metrics.find((each) => each.id === id)!;
  const taken = [0, 0];
  const program: Measurement['program'] = async ({ folder }) => {
    const side = folder === 'base' ? 0 : 1;
    // Both ask for the same round; which of its samples is whose is chance too.
    const drawn = hash(seed, taken[side]!++);
    const value = rounds[drawn % rounds.length]![side ^ ((drawn >>> 20) & 1)]!;
    return { value: side === 0 ? value : change(value) };
  };
  const only = { ...measurement, program, metrics: [{ ...metric, key: 'value' }] };
  const [result] = await measureOne(only, installed('base'), installed('head'));
  return result!.verdict;
}

/** The finalizer of MurmurHash3. */
function hash(seed: number, place: number): number {
  let h = (seed + Math.imul(place + 1, 0x9e3779b1)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const seeds = fc.noBias(fc.integer({ min: 0, max: 2 ** 31 }));
const runs = { endOnFailure: true } as const;

describe.each(series)('with the noise of a very busy machine ($name)', (which) => {
  it('never fails an unchanged tree', async () => {
    const property = fc.asyncProperty(seeds, async (seed) => {
      expect(await judge(which, seed, (value) => value)).toBe('same');
    });
    await fc.assert(property, { ...runs, numRuns: 50 });
  });

  it('never fails what is 3 % worse, or better', async () => {
    const property = fc.asyncProperty(
      seeds,
      fc.double({ min: 0.5, max: 1.03, noNaN: true }),
      async (seed, by) => {
        expect(await judge(which, seed, (value) => value * by)).toBe('same');
      },
    );
    await fc.assert(property, { ...runs, numRuns: 25 });
  });

  it('always catches what is 30 % worse or more', async () => {
    const property = fc.asyncProperty(
      seeds,
      fc.double({ min: 1.3, max: 3, noNaN: true }),
      async (seed, by) => {
        expect(await judge(which, seed, (value) => value * by)).toBe('worse');
      },
    );
    await fc.assert(property, { ...runs, numRuns: 5 });
  });

  it('catches what is 15 % worse nearly always', async () => {
    const verdicts = await Promise.all(
      Array.from({ length: 8 }, (_, seed) => judge(which, seed, (value) => value * 1.15)),
    );
    // Measured with 40: all, all and 35.
    expect(verdicts.filter((verdict) => verdict === 'worse').length).toBeGreaterThanOrEqual(6);
  });
});
