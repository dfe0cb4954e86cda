import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '../measure/child.ts';
import { pack } from '../measure/package.ts';
import type { Tree } from './trees.ts';

/** The packages of a tree as users get them. */
export interface Installed {
  /** With everything that is measured in its node_modules. */
  folder: string;
  /** Bytes of each packed package, by its name without the scope. */
  artifacts: Record<string, number>;
  remove(): void;
}

/** What the measured programs import. The others are only packed. */
const measured = ['core', 'api', 'cli', 'db-sqlite', 'designer', 'plugin-wasm', 'plugins', 'queue-memory'];

/** Packs every published package of a tree and installs those that are measured into a fresh folder. */
export async function installTree(tree: Tree): Promise<Installed> {
  const folder = freshFolder();
  const { artifacts, tarballs } = await packAll(tree.folder, folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const wanted = measured.flatMap((name) => tarballs[name] ?? []);
  await runChild(['install', '--no-audit', '--no-fund', '--no-save', '--prefer-offline', ...wanted], {
    command: 'npm',
    cwd: folder,
  });
  for (const file of Object.values(tarballs)) rmSync(file);
  return installedIn(folder, artifacts);
}

/** The same once more, in a folder whose path is as long: the length of paths alone moves memory by 2 MiB. */
export function copyInstalled({ folder, artifacts }: Installed): Installed {
  const copy = freshFolder();
  cpSync(folder, copy, { recursive: true });
  return installedIn(copy, { ...artifacts });
}

/** Sizes of the packed packages of a tree. */
export async function measureArtifacts(tree: Tree): Promise<Record<string, number>> {
  const folder = freshFolder();
  try {
    return (await packAll(tree.folder, folder)).artifacts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function packAll(
  root: string,
  folder: string,
): Promise<{ artifacts: Record<string, number>; tarballs: Record<string, string> }> {
  const artifacts: Record<string, number> = {};
  const tarballs: Record<string, string> = {};
  for (const name of published(join(root, 'packages'))) {
    const tarball = await pack(join(root, 'packages', name), folder);
    tarballs[name] = tarball;
    artifacts[name] = statSync(tarball).size;
  }
  return { artifacts, tarballs };
}

/** Folders of the packages that are not private. */
function published(packages: string): string[] {
  return readdirSync(packages)
    .filter((name) => existsSync(join(packages, name, 'package.json')))
    .filter((name) => {
      const text = readFileSync(join(packages, name, 'package.json'), 'utf8');
      return (JSON.parse(text) as { private?: boolean }).private !== true;
    })
    .sort();
}

function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'vwmp-check-'));
}

function installedIn(folder: string, artifacts: Record<string, number>): Installed {
  return { folder, artifacts, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
