// node deploy/docker/install.mjs MODE FOLDER: what a deployment of that mode needs and nothing else, from this checkout, built before.
// The image is made by it; it serves machines without containers as well.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
/** What the command depends on. */
const base = ['core', 'cli', 'api', 'designer', 'plugins', 'queue-memory', 'db-sqlite'];
/** By mode: what comes to it, and what the command brings that is never loaded then. */
const modes = {
  lightweight: { more: [], less: [] },
  hybrid: { more: ['db-postgres'], less: ['@vwmp/db-sqlite'] },
  // The queue in memory stays: commands like `vwmp keys` open the database with it, so that they leave the one in Redis alone.
  full: { more: ['db-postgres', 'queue-redis'], less: ['@vwmp/db-sqlite'] },
};

const [mode = '', folder = ''] = process.argv.slice(2);
const wanted = Object.entries(modes).find(([name]) => name === mode)?.[1];
if (!wanted || folder === '') {
  console.error(
    `node deploy/docker/install.mjs MODE FOLDER, with a MODE of ${Object.keys(modes).join(', ')}.`,
  );
  process.exit(2);
}
const target = resolve(folder);
const packed = mkdtempSync(join(tmpdir(), 'vwmp-packed-'));
try {
  for (const name of [...base, ...wanted.more]) {
    run('pnpm', ['pack', '--pack-destination', packed], join(root, 'packages', name));
  }
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'package.json'), '{ "private": true, "type": "module" }\n');
  const packages = readdirSync(packed).map((name) => join(packed, name));
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  run(
    'npm',
    ['install', '--omit=dev', '--omit=optional', '--no-save', '--ignore-scripts', ...quiet, ...packages],
    target,
  );
} finally {
  rmSync(packed, { recursive: true, force: true });
}
for (const name of wanted.less) remove(name);

/** @param {string} name */
function remove(name) {
  rmSync(join(target, 'node_modules', name), { recursive: true, force: true });
}

/** @param {string} program @param {string[]} args @param {string} cwd */
function run(program, args, cwd) {
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    ...{ cwd, encoding: 'utf8', env: { ...process.env, PATH: path } },
  });
  if (status === 0) return;
  console.error(`${program} ${args[0]} failed in ${cwd}: ${error?.message ?? ''}\n${stdout}${stderr}`);
  process.exit(1);
}
