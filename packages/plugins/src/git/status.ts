import type { HandlerContext } from '@vwmp/core';
import { refuse } from './errors.ts';
import type { GitOptions } from './options.ts';
import { type FileState, stateOf } from './parse.ts';
import { openRepository, type RepositoryConfig } from './repository.ts';
import { maxFiles } from './schemas.ts';

interface StatusConfig extends RepositoryConfig {
  readonly untracked?: boolean;
  readonly clean?: boolean;
}

interface StatusFile {
  path: string;
  from?: string;
  staged: FileState;
  unstaged: FileState;
}

/** Output of `git.status`. */
export interface StatusOutput {
  branch: string | null;
  head: string | null;
  upstream: string | null;
  ahead: number;
  behind: number;
  clean: boolean;
  files: StatusFile[];
  truncated: boolean;
}

/** Makes the code of `git.status`. */
export function createStatus(options: GitOptions) {
  return async (context: HandlerContext<StatusConfig>): Promise<StatusOutput> => {
    const { git } = await openRepository(context, options);
    const { untracked = true, clean = false } = context.config;
    const { stdout, truncated } = await git(
      [
        'status',
        '--porcelain=v2',
        '--branch',
        '-z',
        `--untracked-files=${untracked ? 'all' : 'no'}`,
        // Not to look into submodules, each of which has a config of its own.
        '--ignore-submodules=dirty',
      ],
      { truncate: true },
    );
    const output = parseStatus(stdout, truncated);
    if (!clean || output.clean) return output;
    const paths = output.files.slice(0, 20).map(({ path }) => path);
    throw refuse(
      'GIT_NOT_CLEAN',
      `The working tree has changes, among them ${paths[0]}. Commit them or take them back.`,
      {
        details: { paths },
      },
    );
  };
}

/** Reads `git status --porcelain=v2 --branch -z`. */
function parseStatus(text: string, cut: boolean): StatusOutput {
  const output: StatusOutput = {
    branch: null,
    head: null,
    upstream: null,
    ahead: 0,
    behind: 0,
    clean: true,
    files: [],
    truncated: cut,
  };
  const records = text.split('\0');
  // What follows the last end of a record is nothing, or cut.
  records.pop();
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    const kind = record.charAt(0);
    if (kind === '#') readHeader(record, output);
    else if (output.files.length >= maxFiles) output.truncated = true;
    else output.files.push(readFile(record));
    // What was renamed is followed by its old path.
    const file = output.files.at(-1);
    if (kind === '2') {
      const from = records[++i];
      if (file && !output.truncated && from !== undefined) file.from = from;
    }
  }
  output.clean = output.files.length === 0;
  return output;
}

function readHeader(record: string, output: StatusOutput): void {
  const [, key, value = ''] = /^# branch\.(\S+) (.*)$/.exec(record) ?? [];
  if (key === 'oid') output.head = value === '(initial)' ? null : value;
  else if (key === 'head') output.branch = value === '(detached)' ? null : value;
  else if (key === 'upstream') output.upstream = value;
  else if (key === 'ab') {
    const [ahead, behind] = value.split(' ');
    output.ahead = Number(ahead);
    output.behind = Math.abs(Number(behind));
  }
}

/** How many fields stand before the path, by the kind of record. */
const fieldsBefore: Readonly<Record<string, number>> = { '1': 8, '2': 9, u: 10, '?': 1, '!': 1 };

function readFile(record: string): StatusFile {
  const fields = record.split(' ');
  const [kind = '', states = '..'] = fields;
  const path = fields.slice(fieldsBefore[kind] ?? 1).join(' ');
  if (kind === '?') return { path, staged: 'untracked', unstaged: 'untracked' };
  if (kind === 'u') return { path, staged: 'unmerged', unstaged: 'unmerged' };
  return { path, staged: stateOf(states.charAt(0)), unstaged: stateOf(states.charAt(1)) };
}
