import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './files.ts';

/** The rows that say how much memory a process takes at most: under load, for long, and with much that waits. */
const rows = [
  ['api.md', /^\| the most with 64 clients at a time \|.* VWMP_SPARE_MEMORY=off: ([\d.,]+) MiB /m],
  ['growth.md', /^\| resident memory of the server all the while \| ([\d.,]+) MiB/m],
  ['growth.md', /^\| resident with 105,000 \| ([\d.,]+) MiB/m],
] as const;

/** The most memory that a process was measured at, in bytes: limits have to be above it. */
export function mostMemory(): number {
  const figures = rows.map(([name, row]) => {
    const [, figure = ''] = row.exec(report(name)) ?? [];
    const most = Number(figure.replaceAll(',', '')) * 1024 * 1024;
    if (!(most > 0))
      throw new Error(`apps/bench/reports/${name} does not say how much memory a process takes at most.`);
    return most;
  });
  return Math.max(...figures);
}

/** A figure that a comment takes from a report. */
export interface Citation {
  report: string;
  /** Such as `85 MiB`. */
  figure: string;
  /** The report says so. */
  isRight: boolean;
}

/** The figures that stand before the name of a report in comments that begin with `#`. */
export function citationsIn(text: string): Citation[] {
  const comments = text.match(/(?:^ *#.*\n)+/gm) ?? [];
  const parts = comments.flatMap((each) => [
    ...each.replaceAll(/\n? *# ?/g, ' ').matchAll(/(.*?)\bapps\/bench\/reports\/(\w+\.md)/g),
  ]);
  return parts.flatMap(([, before = '', name = '']) =>
    [...before.matchAll(/(\d[\d.,]*) (MiB|executions\/s|times)/g)].map(([figure, value = '', unit = '']) => ({
      ...{ report: name, figure, isRight: says(report(name), value.replaceAll(',', ''), unit) },
    })),
  );
}

/** Whether the report has the figure, rounded as it is here. */
function says(text: string, value: string, unit: string): boolean {
  const digits = value.split('.')[1]?.length ?? 0;
  const figures = text
    .replaceAll(',', '')
    .matchAll(new RegExp(`(\\d[\\d.]*)${unit === 'times' ? '×' : ` ${unit}`}`, 'g'));
  return [...figures].some(([, one]) => Number(one).toFixed(digits) === value);
}

function report(name: string): string {
  return readFileSync(join(repository, 'apps/bench/reports', name), 'utf8');
}
