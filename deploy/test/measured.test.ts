import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deployFolder, textOf } from '../src/files.ts';
import { citationsIn, mostMemory } from '../src/measured.ts';

const files = readdirSync(deployFolder, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.(?:ya?ml|service)$/.test(file) && !file.includes('node_modules'));
const citations = files.flatMap((file) => citationsIn(textOf(file)).map((each) => ({ file, ...each })));

test('figures in comments are those of the report that they name', () => {
  expect(citations.length).toBeGreaterThan(30);
  expect(citations.filter(({ isRight }) => !isRight)).toEqual([]);
});

test('a figure that is in no report is found', () => {
  const comment = '# It took 1,234.5 MiB at most\n  # (apps/bench/reports/api.md), 9 MiB.\nlimit: 3\n';
  expect(citationsIn(comment)).toEqual([{ report: 'api.md', figure: '1,234.5 MiB', isRight: false }]);
});

test('whoever limits the memory of a process names the most that was measured', () => {
  const most = `${Math.round(mostMemory() / 1024 / 1024)} MiB`;
  const limiting = files.filter((file) => /384M/.test(textOf(file)));
  expect(limiting.length).toBeGreaterThan(5);
  for (const file of limiting) {
    const figures = citationsIn(textOf(file)).map(({ figure }) => figure);
    expect({ file, figures }).toMatchObject({ figures: expect.arrayContaining([most]) });
  }
});
