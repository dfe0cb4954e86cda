import { parseArgs } from 'node:util';

/** What was asked for. */
export interface Options {
  area?: string;
  /** Only these scenarios; all of them when empty. */
  scenarios: string[];
  quick: boolean;
  write: boolean;
  json?: string;
  /** Folder of a built core to measure instead of that of the workspace, with the packages beside it. */
  from?: string;
}

export const usage = `npm run bench -- AREA [SCENARIO…] [--quick] [--write] [--json FILE] [--from FOLDER]
npm run bench -- all [--quick] [--write]
npm run bench -- check [--base REVISION] [--quick] [--json FILE] [--comment FILE]
npm run bench -- report

  --quick        fewer and shorter samples
  --write        keep the report in apps/bench/reports
  --json FILE    write everything that was measured
  --from FOLDER  measure the built core in this folder, and what lies beside it, instead of packages/core
`;

/** @throws TypeError for what is not known */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      json: { type: 'string' },
      from: { type: 'string' },
    },
  });
  const [area, ...scenarios] = positionals;
  if (area === 'all' && (scenarios.length > 0 || values.json))
    throw new TypeError('"all" takes neither scenarios nor --json: each area has a report of its own.');
  if (values.write && scenarios.length > 0) throw new TypeError('--write keeps reports of whole areas only.');
  return { area, scenarios, ...values };
}
