import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runChild } from './child.ts';

/** A fresh folder in which the core is installed as a user would get it. */
export interface Installation {
  folder: string;
  /** Of its main module. */
  url: string;
  /** Of the packed file, in bytes. */
  tarball: number;
  /** Takes the folder away. */
  remove(): void;
}

const packages = join(import.meta.dirname, '..', '..', '..', '..', 'packages');

/**
 * Packs built packages of the workspace and installs the tarballs with npm. All measurements run on this copy:
 * it is what users get, and a build that someone starts meanwhile does not pull it from under them.
 *
 * @param names - of the packages, the main one first
 * @param from - folder of the main package, beside which the others lie
 * @param more - packages from the registry, with their versions
 */
export async function install(
  names: readonly [string, ...string[]],
  from: string = join(packages, names[0]),
  more: readonly string[] = [],
): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'vwmp-bench-'));
  const tarballs: string[] = [];
  for (const name of names)
    tarballs.push(await pack(name === names[0] ? from : join(from, '..', name), folder));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const tarball = readFileSync(tarballs[0]!).length;
  await runChild(['install', '--no-audit', '--no-fund', '--no-save', ...tarballs, ...more], {
    command: 'npm',
    cwd: folder,
  });
  for (const file of tarballs) rmSync(file);
  addEmptyPackage(folder);
  const url = pathToFileURL(join(folder, 'node_modules', '@vwmp', names[0], 'dist', 'index.js')).href;
  return { folder, url, tarball, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Packs a built package as it would be published.
 *
 * @returns the path of the tarball, in `folder`
 * @throws TypeError when it is not built
 */
export async function pack(from: string, folder: string): Promise<string> {
  if (!existsSync(join(from, 'dist'))) throw new TypeError(`${from} is not built.`);
  const { stdout } = await runChild(['pack', '--json', '--pack-destination', folder], {
    command: 'pnpm',
    cwd: from,
  });
  return (JSON.parse(stdout) as { filename: string }).filename;
}

/** A package with nothing in it: what any import costs in Node, before what is imported costs anything. */
function addEmptyPackage(folder: string): void {
  const place = join(folder, 'empty');
  mkdirSync(join(place, 'node_modules', 'empty'), { recursive: true });
  const manifest = { name: 'empty', version: '0.0.0', type: 'module', exports: './index.js' };
  writeFileSync(join(place, 'node_modules', 'empty', 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(place, 'node_modules', 'empty', 'index.js'), 'export {};\n');
}
