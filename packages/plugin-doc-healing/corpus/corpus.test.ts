import { join } from 'node:path';
import { expect, it } from 'vitest';
import { measureClean, measureSeed, pinVersions } from './measure.ts';
import { toPage } from './page.ts';
import { readCorpus } from './repository.ts';
import { summarise } from './summary.ts';

it('a small part of the corpus is found and healed as the whole of it, and the report says so', async () => {
  const some = new Set([
    'commander',
    'croner',
    'fast-check',
    'hono',
    'luxon',
    'parse5',
    'semver',
    'yaml',
    'vite',
  ]);
  const corpus = readCorpus(join(import.meta.dirname, '../../..'), some).map(pinVersions);
  expect(corpus.length).toBeGreaterThan(3);
  const outcome = await measureSeed(corpus, 11, 24);
  const summary = summarise(corpus, [outcome], await measureClean(corpus), 0);
  const { total } = summary.seeds[0]!;
  expect(outcome.applied).toBe(true);
  expect(total.faults).toBeGreaterThan(15);
  expect(total.found / total.faults).toBeGreaterThan(0.9);
  expect((total.original + total.equal) / total.faults).toBeGreaterThan(0.75);
  expect(toPage(summary)).toContain('<svg');
}, 120_000);
