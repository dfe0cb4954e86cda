// What tests start besides Node: Redis, PostgreSQL and a pooler for it, a browser, shells, Prometheus and nginx. Installed from Debian's packages where that is possible.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { phase } from './console.mjs';
import { bin, root } from './paths.mjs';
import { capture } from './run.mjs';

/** A package with tests that start servers, shells or a browser says so in its manifest by its name or by what it depends on. */
const servers = [
  { debianPackage: 'redis-server', program: 'redis-server', marker: '@vwmp/test-servers', folders: () => [] },
  { debianPackage: 'pgbouncer', program: 'pgbouncer', marker: '@vwmp/test-servers', folders: () => [] },
  { debianPackage: 'prometheus', program: 'prometheus', marker: '@vwmp/deploy', folders: () => [] },
  { debianPackage: 'nginx', program: 'nginx', marker: '@vwmp/deploy', folders: () => [] },
  { debianPackage: 'fish', program: 'fish', marker: '"name": "@vwmp/cli"', folders: () => [] },
  { debianPackage: 'zsh', program: 'zsh', marker: '"name": "@vwmp/cli"', folders: () => [] },
  { debianPackage: 'chromium', program: 'chromium', marker: 'playwright-core', folders: () => [] },
  {
    debianPackage: 'postgresql',
    program: 'postgres',
    marker: '@vwmp/test-servers',
    // Debian keeps the programs of PostgreSQL apart, one folder per version.
    folders: () => list('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin`),
  },
];

/**
 * Installs what is missing of what tests need that vitest runs with these arguments.
 *
 * @param {string[]} args
 */
export async function provideTestServers(args) {
  const markers = [...new Set(servers.map(({ marker }) => marker))];
  const needed = markers.filter((marker) => needServers(args, testFiles(marker)));
  if (needed.length > 0) await provideServers(needed);
}

/**
 * Installs what is missing. Where that is not possible it says what to install, and what needs it fails or is skipped.
 *
 * @param {string[]} markers of what is needed
 */
export async function provideServers(markers = ['@vwmp/test-servers']) {
  const missing = servers.filter(
    ({ program, folders, marker }) => markers.includes(marker) && !isInstalled(program, folders()),
  );
  if (missing.length === 0) return;
  const packages = missing.map(({ debianPackage }) => debianPackage);
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    advise(packages);
    return;
  }
  await phase(`install ${packages.join(' and ')} (some tests start their own)`, async () => {
    const { code, output } = await withoutServices(() => install(packages));
    if (code === 0) return;
    process.stderr.write(`${output.trimEnd()}\n`);
    advise(packages);
    return 'failed';
  });
}

/**
 * Whether vitest with these arguments runs any of the test files.
 *
 * @param {string[]} args
 * @param {string[]} files that need servers, relative to the root
 */
export function needServers(args, files) {
  // What follows an option may be its value: at worst, servers are installed that nobody needs today.
  const filters = args.filter((arg, index) => !arg.startsWith('-') && !args[index - 1]?.startsWith('-'));
  const projects = args.flatMap((arg, index) => {
    if (arg.startsWith('--project=')) return [arg.slice('--project='.length)];
    return args[index - 1] === '--project' ? [arg] : [];
  });
  return files.some(
    (file) =>
      (filters.length === 0 || filters.some((filter) => file.includes(filter.replace(/^\.\//, '')))) &&
      (projects.length === 0 ||
        projects.some((project) => /[*!]/.test(project) || file.startsWith(`${project}/`))),
  );
}

/** @param {string} marker */
function testFiles(marker) {
  const grouped = ['packages', 'apps', 'tooling'].flatMap((group) =>
    list(join(root, group)).map((name) => `${group}/${name}`),
  );
  return [...grouped, 'deploy']
    .filter((folder) => read(join(root, folder, 'package.json')).includes(marker))
    .flatMap((folder) => testFilesIn(folder));
}

/** @param {string} folder @returns {string[]} */
function testFilesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : testFilesIn(path);
    return /\.test\.(tsx?|mjs)$/.test(entry.name) ? [path] : [];
  });
}

/** @param {string} program @param {string[]} folders */
function isInstalled(program, folders) {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== bin);
  return [...path, ...folders].some((folder) => existsSync(join(folder, program)));
}

/** @param {string} folder */
function list(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** @param {string[]} packages */
async function install(packages) {
  const environment = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-y', '--quiet'];
  const update = await capture('env', [...environment, 'update']);
  if (update.code !== 0) return update;
  return capture('env', [...environment, 'install', '--no-install-recommends', ...packages]);
}

/**
 * Debian starts a server once it is installed, unless this file forbids it. The tests start their own.
 *
 * @template T
 * @param {() => Promise<T>} work
 */
async function withoutServices(work) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return work();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    rmSync(policy, { force: true });
  }
}

/** @param {string[]} packages */
function advise(packages) {
  process.stderr.write(
    `Missing for some of the tests, which will fail or be skipped: ${packages.join(', ')}.\n` +
      `  On Debian or Ubuntu: sudo apt-get install --no-install-recommends ${packages.join(' ')}\n` +
      `  On macOS: brew install ${packages.map((name) => name.replace('-server', '')).join(' ')}\n`,
  );
}
