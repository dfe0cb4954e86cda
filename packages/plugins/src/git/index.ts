import { definePlugin, type Plugin } from '@vwmp/core';
import { createBranchHandler } from './branch-handler.ts';
import { createCommitHandler } from './commit-handler.ts';
import { createDiffHandler } from './diff-handler.ts';
import type { GitOptions } from './options.ts';
import { createPushHandler } from './push-handler.ts';
import { createStageHandler } from './stage-handler.ts';
import { createStatusHandler } from './status-handler.ts';
import { createTagHandler } from './tag-handler.ts';
import { createUndoHandler } from './undo-handler.ts';

export type { GitOptions, GitProtocol } from './options.ts';

/**
 * Makes the plugin `git` with settings of your own.
 *
 * @example
 * ```ts
 * const git = createGit({ protocols: ['https'] });
 * ```
 */
export function createGit(options: GitOptions = {}): Plugin {
  return definePlugin({
    name: 'git',
    description: 'Works with the git repositories of the workspace.',
    handlers: {
      status: createStatusHandler(options),
      diff: createDiffHandler(options),
      stage: createStageHandler(options),
      commit: createCommitHandler(options),
      tag: createTagHandler(options),
      branch: createBranchHandler(options),
      push: createPushHandler(options),
      undo: createUndoHandler(options),
    },
  });
}

/** The plugin `git` with its default settings. */
export const git: Plugin = createGit();

export default git;
