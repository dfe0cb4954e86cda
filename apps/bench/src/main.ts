import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { areas, areasNamed } from './areas/index.ts';
import { type Options, readOptions, usage } from './options.ts';
import { isGood } from './report/result.ts';
import { renderScenario } from './report/table.ts';
import type { Budget } from './report/verdict.ts';
import { writePage, writeReports } from './report/write.ts';
import { runArea } from './run-area.ts';
import type { Area } from './scenario.ts';

const folder = join(import.meta.dirname, '..');

try {
  const args = process.argv.slice(2);
  if (args[0] === 'check') {
    const { check } = await import('./check/index.ts');
    process.exitCode = await check(args.slice(1));
  } else if (args[0] === 'report') writePage(join(folder, 'reports'));
  else await measureArea(args);
} catch (error) {
  // What parseArgs and this program throw for a wrong command line; anything else is a mistake of ours.
  console.error(error instanceof TypeError ? error.message : error);
  process.exitCode = 2;
}

async function measureArea(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.area === undefined) return console.log(listAreas());
  const chosen = areasNamed(options.area);
  if (chosen.length === 0) throw new TypeError(`There is no area "${options.area}".\n\n${listAreas()}`);
  for (const area of chosen) await measure(area, options);
}

async function measure(area: Area, options: Options): Promise<void> {
  const budgets = JSON.parse(readFileSync(join(folder, 'budgets.json'), 'utf8')) as Record<string, Budget>;
  console.log(`\n${area.name}: ${area.title}\n`);
  const result = await runArea(area, options, budgets, (scenario) => console.log(renderScenario(scenario)));
  if (options.json) writeFileSync(options.json, `${JSON.stringify(result, undefined, 2)}\n`);
  // Only `--write` touches the reports that are in Git: a run beside other work is no news.
  writeReports(result, options.write ? join(folder, 'reports') : join(folder, '.reports'));
  const good = isGood(result);
  console.log(good ? 'No budget was missed.' : 'A budget was missed, or a scenario failed.');
  if (!good) process.exitCode = 1;
}

function listAreas(): string {
  const lines = areas.map(({ name, title, scenarios }) => {
    const names = scenarios.map((scenario) => `    ${scenario.name.padEnd(10)} ${scenario.title}`);
    return `  ${name}: ${title}\n${names.join('\n')}`;
  });
  return `${usage}\n${lines.join('\n')}\n`;
}
