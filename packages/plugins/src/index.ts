import type { Plugin } from '@vwmp/core';
import { data } from './data/index.ts';
import { file } from './file/index.ts';
import { git } from './git/index.ts';
import { http } from './http/index.ts';
import { release } from './release/index.ts';
import { script } from './script/index.ts';
import { shell } from './shell/index.ts';

export { createGit, type GitOptions } from './git/index.ts';
export { createHttp, type HttpOptions, http } from './http/index.ts';
export { data, file, git, release, script, shell };

/** All plugins of this package with their default settings. Their code is loaded when a step first needs it. */
export const plugins: readonly Plugin[] = [http, file, shell, git, release, script, data];
