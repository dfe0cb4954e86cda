import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, root } from './paths.mjs';

const stamp = join(root, 'node_modules', '.installed-from');

/** Why an install is needed; undefined when what is installed is what the manifests ask for. */
export function installReason() {
  if (!existsSync(stamp) || !existsSync(join(bin, 'node')))
    return 'first run: fetches the toolchain, may take a minute';
  if (readFileSync(stamp, 'utf8') !== fingerprint()) return 'dependencies changed';
  return undefined;
}

/** Remembers what the present node_modules was installed from. */
export function markInstalled() {
  writeFileSync(stamp, fingerprint());
}

/** Everything that decides what an install yields: the lockfile, all manifests and the machine. */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.pnpmfile.mjs', ...manifests()]) {
    hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function manifests() {
  const files = ['package.json'];
  for (const group of ['packages', 'apps', 'tooling']) {
    for (const name of readdirSync(join(root, group)).sort()) {
      const file = `${group}/${name}/package.json`;
      if (existsSync(join(root, file))) files.push(file);
    }
  }
  return files;
}
