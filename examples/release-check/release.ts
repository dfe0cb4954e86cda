import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineHandler, definePlugin, VwmpError } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';

const version = defineHandler({
  title: 'Check the version',
  description: 'Reads the version of a package and looks whether its changelog has a heading for it.',
  config: Type.Object({ folder: Type.String({ description: 'Folder of the package.' }) }),
  output: Type.Object({ name: Type.String(), version: Type.String(), told: Type.Boolean() }),
  async execute({ config: { folder }, workspace, signal }) {
    const root = await workspace.resolve(folder);
    const manifest = await readFile(join(root, 'package.json'), { encoding: 'utf8', signal }).catch(
      (cause) => {
        const message = `"${folder}" has no package.json.`;
        throw new VwmpError('NO_PACKAGE', message, { cause, retryable: false });
      },
    );
    const { name, version: current } = JSON.parse(manifest) as { name: string; version: string };
    const changelog = await readFile(join(root, 'CHANGELOG.md'), 'utf8').catch(() => '');
    const headings = changelog.split('\n').filter((line) => line.startsWith('## '));
    // "## 1.2.0" and "## [1.2.0] - 2026-03-14", but not "## 11.2.0".
    const told = headings.some((line) => line.replaceAll(/[[\]]/g, ' ').split(' ').includes(current));
    return { name, version: current, told };
  },
});

/** The plugin `package`. */
export const release = definePlugin({ name: 'package', handlers: { version } });
