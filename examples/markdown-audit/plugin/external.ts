import { join } from 'node:path';
import { defineHandler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import type { Library } from './library.ts';
import type { ExternalLink } from './model.ts';
import { readTarget } from './target.ts';

/** `audit.external`: every address on other hosts, once. */
export function createExternal(library: Library) {
  return defineHandler({
    title: 'Collect external links',
    description: 'Lists the addresses on other hosts that some files link to, each once.',
    icon: 'globe',
    config: Type.Object({
      folder: Type.String({ minLength: 1 }),
      files: Type.Array(Type.String(), { description: 'Paths from there.' }),
    }),
    async execute({ config: { folder, files }, workspace, signal }): Promise<ExternalLink[]> {
      const found = new Map<string, ExternalLink>();
      for (const file of files) {
        signal.throwIfAborted();
        const { links } = await library.read(await workspace.resolve(join(folder, file)), file);
        for (const { url, line } of links) {
          const target = readTarget(url);
          if (target.kind !== 'external') continue;
          // A server never sees what stands behind the "#".
          const [address = ''] = target.url.split('#', 1);
          if (!found.has(address)) found.set(address, { url: address, file, line });
        }
      }
      return [...found.values()];
    },
  });
}
