import { join } from 'node:path';
import { defineHandler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { lookUp } from './context.ts';
import type { Library } from './library.ts';
import type { Checked, Problem } from './model.ts';
import { fileSchema } from './schemas.ts';
import { pathFromFolder, readTarget } from './target.ts';

/** `audit.links`: do the files and images that a file links to exist? */
export function createLinks(library: Library) {
  return defineHandler({
    title: 'Check links',
    description: 'Looks up every file, folder and image that a Markdown file links to.',
    icon: 'link',
    config: Type.Object(fileSchema),
    async execute(context): Promise<Checked> {
      const { folder, file } = context.config;
      const { links } = await library.read(await context.workspace.resolve(join(folder, file)), file);
      const problems: Problem[] = [];
      let checked = 0;
      for (const { url, line, image } of links) {
        const target = readTarget(url);
        if (target.kind !== 'local' || target.path === undefined) continue;
        context.signal.throwIfAborted();
        checked += 1;
        const path = pathFromFolder(file, target);
        const { kind } = await lookUp(context, folder, path);
        if (kind === 'outside') {
          problems.push({ kind: 'outside', file, line, message: `${url} leads out of the workspace.` });
        } else if (kind === 'missing') {
          const message = `${url} leads to ${path}, which does not exist.`;
          problems.push({ kind: image ? 'broken_image' : 'broken_file', file, line, message });
        }
      }
      return { checked, problems };
    },
  });
}
