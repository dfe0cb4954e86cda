#!/usr/bin/env node
// Builds the package in the current directory: `node ../../tooling/build/bundle.mjs [--neutral]`.
//
// - Entries are what package.json says: every export with a "source", and src/main.ts if there is a "bin".
// - JavaScript: a few minified ES modules in dist/, one per entry and one per dynamic import. What package.json
//   lists under devDependencies is bundled and tree-shaken; dependencies, peerDependencies, @vwmp/* and node:
//   stay imports.
// - Types: dist/types/, emitted by tsc for the files that an entry reaches.
// - dist/THIRD_PARTY_LICENSES.txt: the notices of the packages of which some code was bundled.
// - --neutral: the package also runs in browsers. It takes the builds of its dependencies that are for any
//   platform, which are ES modules where those for Node are CommonJS (yaml, which then can't be tree-shaken),
//   and the output needs no node:module.
//
// dist/ is replaced at the end and only by a build that succeeded, so that whoever runs it meanwhile is not disturbed.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { emitDeclarations } from './declarations.mjs';
import { readEntries } from './entries.mjs';
import { licenseNotices } from './licenses.mjs';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const installed = Object.keys({
  ...manifest.dependencies,
  ...manifest.peerDependencies,
  ...manifest.optionalDependencies,
});
const next = `.dist-${process.pid}`;

try {
  mkdirSync(next);
  const entries = readEntries(manifest);
  const chunks = await bundle(entries);
  const notices = licenseNotices(chunks);
  if (notices) writeFileSync(join(next, 'THIRD_PARTY_LICENSES.txt'), notices);
  const typed = entries.filter((entry) => entry.types).map((entry) => entry.source);
  if (typed.length > 0) emitDeclarations(typed, next, [manifest.name, ...installed]);

  rmSync('dist', { recursive: true, force: true });
  renameSync(next, 'dist');
  const bytes = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk.code), 0);
  console.log(`${manifest.name}: ${chunks.length} files, ${(bytes / 1024).toFixed(1)} KiB of JavaScript`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(next, { recursive: true, force: true });
}

/** @param {{ name: string, source: string }[]} entries */
async function bundle(entries) {
  /** @type {string[]} */
  const problems = [];
  const { output } = await build({
    input: Object.fromEntries(entries.map(({ name, source }) => [name, source])),
    ...(process.argv.includes('--neutral')
      ? {
          platform: 'neutral',
          resolve: { conditionNames: ['module', 'import', 'default'], mainFields: ['module', 'main'] },
        }
      : { platform: 'node' }),
    external: isExternal,
    onLog(level, log) {
      // What it warns of in our own code (an import that does not resolve, say) breaks users later.
      if (level === 'warn' && !log.id?.includes('/node_modules/')) problems.push(log.message);
    },
    output: {
      dir: next,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      // Names stay readable in stack traces, and errors keep the name of their class.
      keepNames: true,
      minify: {
        compress: { target: 'es2023', keepNames: { function: true, class: true } },
        mangle: { keepNames: true },
      },
      comments: { legal: false },
    },
  });
  if (problems.length > 0) throw new Error(problems.join('\n\n'));
  return output.filter((part) => part.type === 'chunk');
}

/** @param {string} id */
function isExternal(id) {
  if (id.startsWith('node:') || id.startsWith('@vwmp/')) return true;
  return installed.some((name) => id === name || id.startsWith(`${name}/`));
}
