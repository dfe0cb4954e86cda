import type { HandlerContext } from '@vwmp/core';
import type { GitOptions } from './options.ts';
import { type ChangedFile, parseNameStatus } from './parse.ts';
import { openRepository, type RepositoryConfig } from './repository.ts';

interface StageConfig extends RepositoryConfig {
  readonly paths: readonly string[];
}

/** Output of `git.stage`. */
export interface StageOutput {
  readonly kind: 'stage';
  readonly paths: readonly string[];
  readonly files: readonly ChangedFile[];
}

/** Makes the code of `git.stage`. */
export function createStage(options: GitOptions) {
  return async (context: HandlerContext<StageConfig>): Promise<StageOutput> => {
    const { git, paths } = await openRepository(context, options);
    const wanted = await paths(context.config.paths);
    await git(['add', '--all', '--', ...wanted]);
    const staged = await git(['diff', '--cached', '--name-status', '-z', '--no-renames', '--', ...wanted]);
    return { kind: 'stage', paths: wanted, files: parseNameStatus(staged.stdout) };
  };
}
