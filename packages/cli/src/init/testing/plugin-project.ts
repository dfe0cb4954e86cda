import { mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { bin, type Outcome, startProcess } from '../../testing/vwmp.ts';

const root = join(import.meta.dirname, '../../../../..');

/** Puts into a plugin what `npm install` would: the built packages and the tools. */
export function install(project: string): void {
  const modules = join(project, 'node_modules');
  for (const name of ['@vwmp', '@types', '.bin']) mkdirSync(join(modules, name), { recursive: true });
  const link = (target: string, name: string): void => symlinkSync(join(root, target), join(modules, name));
  link('packages/core', '@vwmp/core');
  link('node_modules/@types/node', '@types/node');
  link('node_modules/typescript', 'typescript');
  link('node_modules/typescript/bin/tsc', '.bin/tsc');
  symlinkSync(bin, join(modules, '.bin/vwmp'));
}

/** Runs a line of a shell in a plugin, with this Node. */
export function shell(project: string, line: string): Promise<Outcome> {
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  return startProcess('sh', ['-c', line], { cwd: project, env: { PATH: path } }).outcome;
}
