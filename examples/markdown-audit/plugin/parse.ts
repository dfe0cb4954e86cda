import { join } from 'node:path';
import { defineHandler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import type { Library } from './library.ts';
import type { FileSummary } from './model.ts';
import { fileSchema } from './schemas.ts';
import { readTarget } from './target.ts';

/** `audit.parse`: what is in one Markdown file, as figures. */
export function createParse(library: Library) {
  return defineHandler({
    title: 'Read Markdown',
    description: 'Counts what is in a Markdown file and checks the order of its headings.',
    icon: 'file-text',
    config: Type.Object(fileSchema),
    async execute({ config: { folder, file }, workspace }): Promise<FileSummary> {
      const empty = {
        path: file,
        bytes: 0,
        lines: 0,
        headings: 0,
        links: 0,
        local: 0,
        anchored: 0,
        external: 0,
      };
      try {
        const path = await workspace.resolve(join(folder, file));
        const { bytes, lines, headings, links, code, problems } = await library.read(path, file);
        const targets = links.map(({ url }) => readTarget(url));
        const local = targets.filter((target) => target.kind === 'local');
        return {
          path: file,
          bytes,
          lines,
          headings,
          links: links.length,
          local: local.filter(({ path: to }) => to !== undefined).length,
          anchored: local.filter(({ anchor }) => anchor !== undefined).length,
          external: targets.filter(({ kind }) => kind === 'external').length,
          code,
          problems,
        };
      } catch (error) {
        // One file that cannot be read is a finding; it must not end the audit of all others.
        const { message } = error as Error;
        return { ...empty, code: [], problems: [{ kind: 'unreadable', file, line: 1, message }] };
      }
    },
  });
}
