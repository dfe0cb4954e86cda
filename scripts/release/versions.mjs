import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { capture } from '../lib/run.mjs';
import { publishedPackages } from './packages.mjs';

/** Versions of packages and texts of their changelogs, by name. @typedef {Record<string, { version: string, changelog: string }>} Released */

/**
 * What `changeset version` makes of the changesets, in a copy of what it reads: nothing changes here.
 *
 * @param {Record<string, string>} [later] changesets for a second release after that, by name
 * @returns {Promise<Released[]>} of each release
 */
export async function rehearseVersions(later) {
  const copy = mkdtempSync(join(tmpdir(), 'vwmp-versions-'));
  try {
    for (const name of ['package.json', 'pnpm-workspace.yaml', '.changeset']) {
      cpSync(join(root, name), join(copy, name), { recursive: true });
    }
    cpSync(join(root, 'scripts/release'), join(copy, 'scripts/release'), { recursive: true });
    for (const group of ['packages', 'apps', 'tooling', 'examples']) copyManifests(group, copy);
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    for (const args of [
      ['init', '-q'],
      ['add', '-A'],
      ['-c', 'user.name=x', '-c', 'user.email=x@x', 'commit', '-qm', 'x'],
    ])
      await succeed('git', args, copy);
    const releases = [await release(copy)];
    if (later) {
      for (const [name, text] of Object.entries(later))
        writeFileSync(join(copy, '.changeset', `${name}.md`), text);
      releases.push(await release(copy));
    }
    return releases;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/**
 * @param {string} group
 * @param {string} copy
 */
function copyManifests(group, copy) {
  for (const place of [group, ...readdirSync(join(root, group)).map((name) => `${group}/${name}`)]) {
    const file = `${place}/package.json`;
    if (existsSync(join(root, file))) cpSync(join(root, file), join(copy, file));
  }
}

/** @param {string} copy @returns {Promise<Released>} */
async function release(copy) {
  await succeed('changeset', ['version'], copy);
  return Object.fromEntries(
    publishedPackages(copy).map(({ folder, manifest }) => {
      const changelog = join(folder, 'CHANGELOG.md');
      const text = existsSync(changelog) ? readFileSync(changelog, 'utf8') : '';
      return [manifest.name, { version: manifest.version, changelog: text }];
    }),
  );
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
async function succeed(command, args, cwd) {
  const { code, output } = await capture(command, args, cwd);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
}
