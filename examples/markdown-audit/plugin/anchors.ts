import { join } from 'node:path';
import { defineHandler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { isMarkdown, lookUp, readmeOf } from './context.ts';
import type { Library } from './library.ts';
import type { Checked, Problem } from './model.ts';
import { fileSchema } from './schemas.ts';
import { pathFromFolder, readTarget } from './target.ts';

/** `audit.anchors`: does every `#name`, in the same file or in another, find something? */
export function createAnchors(library: Library) {
  return defineHandler({
    title: 'Check anchors',
    description: 'Looks up the heading or HTML id behind every #name, by the rules of GitHub.',
    icon: 'hash',
    config: Type.Object(fileSchema),
    async execute(context): Promise<Checked> {
      const { folder, file } = context.config;
      const { links } = await library.read(await context.workspace.resolve(join(folder, file)), file);
      const problems: Problem[] = [];
      let checked = 0;
      for (const { url, line } of links) {
        const target = readTarget(url);
        if (target.kind !== 'local' || target.anchor === undefined) continue;
        const path = pathFromFolder(file, target);
        const found = await lookUp(context, folder, path);
        // That the file is missing is said by `audit.links`; names in a file that is no Markdown cannot be known.
        let absolute = found.kind === 'file' ? found.path : undefined;
        if (found.kind === 'folder') {
          const readme = await readmeOf(found.path);
          if (readme) absolute = join(found.path, readme);
        }
        if (absolute === undefined || !isMarkdown(absolute)) continue;
        checked += 1;
        const document = await library.read(absolute, path).catch(() => undefined);
        if (!document || hasAnchor(document.anchors, target.anchor)) continue;
        const message = `${url}: ${path} has no heading or id "${target.anchor}".`;
        problems.push({
          kind: 'broken_anchor',
          file,
          line,
          message: message + hint(document.anchors, target.anchor),
        });
      }
      return { checked, problems };
    },
  });
}

const prefix = 'user-content-';

/** `#top` is the beginning of every page, and GitHub puts a prefix before the ids that authors give. */
function hasAnchor(anchors: ReadonlySet<string>, name: string): boolean {
  if (name.toLowerCase() === 'top' || anchors.has(name)) return true;
  return name.startsWith(prefix) && anchors.has(name.slice(prefix.length));
}

function hint(anchors: ReadonlySet<string>, name: string): string {
  const lower = name.toLowerCase();
  for (const anchor of anchors) {
    if (anchor.toLowerCase() === lower) return ` Anchors are case-sensitive: it has "${anchor}".`;
  }
  for (const anchor of anchors) {
    if (lower.length > 3 && (anchor.startsWith(lower) || lower.startsWith(anchor))) {
      return ` Did you mean "${anchor}"?`;
    }
  }
  return '';
}
