import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureClean, measureSeed, pinVersions, type SeedOutcome } from './measure.ts';
import { toPage } from './page.ts';
import { readCorpus } from './repository.ts';
import { summarise, toText } from './summary.ts';

// `node --conditions=source corpus/main.ts [--seeds 1,2,3] [--held-out 20261121] [--count 200] [--out FOLDER]`: measures what is found and healed.
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1,2,3' },
    'held-out': { type: 'string', default: '20261121' },
    count: { type: 'string', default: '200' },
    out: { type: 'string', default: join(import.meta.dirname, '../.reports') },
  },
});

const root = join(import.meta.dirname, '../../..');
const corpus = readCorpus(root).map(pinVersions);
const seeds = [...values.seeds.split(','), values['held-out']].filter((seed) => seed !== '').map(Number);
const outcomes: SeedOutcome[] = [];
for (const seed of seeds) {
  outcomes.push(await measureSeed(corpus, seed, Number(values.count)));
  process.stderr.write(`seed ${seed} measured\n`);
}
const summary = summarise(corpus, outcomes, await measureClean(corpus), Number(values['held-out']));
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, 'doc-healing.html'), toPage(summary));
writeFileSync(join(values.out, 'doc-healing.json'), `${JSON.stringify(summary, null, 2)}\n`);
process.stdout.write(`${toText(summary)}\nReport: ${join(values.out, 'doc-healing.html')}\n`);
process.exitCode = summary.reached ? 0 : 1;
