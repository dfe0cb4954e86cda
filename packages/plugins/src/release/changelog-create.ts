import { posix } from 'node:path';
import type { HandlerContext } from '@vwmp/core';
import { header } from './changelog-text.ts';
import { readText } from './changes.ts';
import { type Edited, edit } from './edit.ts';

interface CreateConfig {
  readonly folder?: string;
  readonly path?: string;
}

interface CreateOutput {
  readonly path: string;
  readonly created: boolean;
}

/** The code of `release.changelog_create`. */
export async function execute(context: HandlerContext<CreateConfig>): Promise<Edited & CreateOutput> {
  const folder = posix.normalize(context.config.folder ?? '.').replace(/(?<=.)\/$/, '');
  const path = posix.join(folder, context.config.path ?? 'CHANGELOG.md');
  return edit(context, folder, async () => {
    const created = (await readText(context.workspace, path)) === undefined;
    return { output: { path, created }, texts: new Map(created ? [[path, header]] : []) };
  });
}
