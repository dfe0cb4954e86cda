import { parseArgs } from 'node:util';

/** What `npm run bench -- check` was asked for. */
export interface CheckOptions {
  base?: string;
  quick: boolean;
  json?: string;
  comment?: string;
  /** Where the outcome of each budget is written, as `npm run check -- --report` does. */
  report?: string;
  /** How often an unchanged tree is compared with itself, to show that it passes. */
  prove?: number;
}

const checkUsage = `npm run bench -- check [--base REVISION] [--quick] [--json FILE] [--comment FILE]
npm run bench -- check --prove [TIMES]

  --base REVISION  compare with this; without it, with where main was left, or with the commit before
  --quick          only sizes, memory and counts against their budgets: nothing that depends on time
  --json FILE      write everything that was measured
  --comment FILE   write the comment at a pull request, as Markdown
  --report FILE    write the outcome of each budget, for .ci/run
  --prove TIMES    show that an unchanged tree passes and that regressions are caught (20 times when not given);
                   what was tried before with the same check counts
`;

/** @throws TypeError for what is not known */
export function readCheckOptions(args: readonly string[]): CheckOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      base: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      comment: { type: 'string' },
      report: { type: 'string' },
      prove: { type: 'boolean', default: false },
    },
  });
  const { prove, ...rest } = values;
  const [times = '20', ...others] = positionals;
  const unknown = prove ? others : positionals;
  if (unknown.length > 0) throw new TypeError(`What is "${unknown[0]}"?\n\n${checkUsage}`);
  if (rest.quick && (rest.base !== undefined || rest.comment !== undefined)) {
    throw new TypeError('--quick compares with no other revision: it takes neither --base nor --comment.');
  }
  if (!prove) return rest;
  if (!/^[1-9]\d{0,3}$/.test(times)) throw new TypeError(`--prove takes a number of times, not "${times}".`);
  return { ...rest, prove: Number(times) };
}
