import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './files.ts';

/** The most memory that a server was measured at, under load and without sparing memory, in bytes: limits have to be above it. */
export function mostMemory(): number {
  const report = readFileSync(join(repository, 'apps/bench/reports/api.md'), 'utf8');
  const [, figure = ''] =
    /^\| the most with 64 clients at a time \|.* VWMP_SPARE_MEMORY=off: ([\d.,]+) MiB /m.exec(report) ?? [];
  const most = Number(figure.replaceAll(',', '')) * 1024 * 1024;
  if (!(most > 0))
    throw new Error('apps/bench/reports/api.md does not say how much memory a server takes at most.');
  return most;
}
