// Packs every published package as a user would get it and checks that all it exports can be imported, with its types.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const packages = join(import.meta.dirname, '../../packages');
const temporary = mkdtempSync(join(tmpdir(), 'vwmp-pack-'));
const problems = [];

try {
  for (const name of readdirSync(packages)) {
    const folder = join(packages, name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (manifest.private) continue;
    for (const problem of await check(folder)) problems.push(`${manifest.name}: ${problem}`);
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}

/** @param {string} folder */
async function check(folder) {
  const packed = execFileSync('pnpm', ['pack', '--json', '--pack-destination', temporary], { cwd: folder });
  const tarball = Uint8Array.from(readFileSync(JSON.parse(packed.toString()).filename));
  const linted = await publint({ pack: { tarball: tarball.buffer }, strict: true });
  const lint = linted.messages
    .filter(({ type }) => type !== 'suggestion')
    .map((message) => formatMessage(message, linted.pkg, { color: false }) ?? message.code);
  const types = await checkPackage(createPackageFromTarballData(tarball));
  return [...lint, ...(types.types ? types.problems.filter(concernsModules).map(describe) : [])];
}

/**
 * The packages are ES modules only: that a `require` or a resolver older than `exports` finds no types is intended.
 *
 * @param {import('@arethetypeswrong/core').Problem} problem
 */
function concernsModules(problem) {
  const resolution = 'resolutionKind' in problem ? problem.resolutionKind : undefined;
  // A style sheet has no types.
  if ('entrypoint' in problem && problem.entrypoint.endsWith('.css')) return false;
  return resolution !== 'node10' && resolution !== 'node16-cjs';
}

/** @param {import('@arethetypeswrong/core').Problem} problem */
function describe({ kind, ...details }) {
  return `${kind} ${JSON.stringify(details)}`;
}
