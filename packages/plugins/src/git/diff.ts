import type { HandlerContext } from '@vwmp/core';
import type { GitOptions } from './options.ts';
import { type CountedFile, parseNumstat } from './parse.ts';
import { openRepository, type RepositoryConfig } from './repository.ts';

interface DiffConfig extends RepositoryConfig {
  readonly staged?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly paths?: readonly string[];
  readonly context?: number;
  readonly max_bytes?: number;
}

/** Output of `git.diff`. */
export interface DiffOutput {
  readonly files: readonly CountedFile[];
  readonly additions: number;
  readonly deletions: number;
  readonly patch: string;
  readonly truncated: boolean;
}

/** Starts no program of the config, looks into no submodule, and gives the same whatever the config says of diffs. */
const fixed = [
  'diff',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-relative',
  '--ignore-submodules=dirty',
  '--find-renames',
  '--src-prefix=a/',
  '--dst-prefix=b/',
];

/** Makes the code of `git.diff`. */
export function createDiff(options: GitOptions) {
  return async (context: HandlerContext<DiffConfig>): Promise<DiffOutput> => {
    const { git, commit, paths } = await openRepository(context, options);
    const { staged = false, from, to, context: around = 3, max_bytes: maxBytes = 262_144 } = context.config;
    const sides: string[] = staged ? ['--cached'] : [];
    if (from !== undefined || to !== undefined) sides.push(await commit(from ?? 'HEAD'));
    if (to !== undefined) sides.push(await commit(to));
    const which = [...sides, '--', ...(await paths(context.config.paths ?? []))];

    const counts = await git([...fixed, '--numstat', '-z', ...which], { truncate: true });
    const files = parseNumstat(counts.stdout);
    const patch =
      maxBytes === 0
        ? { stdout: '', truncated: files.length > 0 }
        : await git([...fixed, `--unified=${around}`, '--patch', ...which], { maxBytes, truncate: true });
    return {
      files,
      additions: files.reduce((sum, file) => sum + file.additions, 0),
      deletions: files.reduce((sum, file) => sum + file.deletions, 0),
      patch: patch.stdout,
      truncated: patch.truncated,
    };
  };
}
