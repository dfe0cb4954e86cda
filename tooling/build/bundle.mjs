#!/usr/bin/env node
// Builds the package in the current directory: `node ../../tooling/build/bundle.mjs [--neutral]`.
//
// - --neutral: the package also runs in browsers. Of its dependencies it takes the builds for any platform, which are ES
//   modules where the ones for Node are CommonJS (yaml: no tree-shaking), and its output needs no node:module.
// - Entries are what package.json says: every export with a "source" condition, and src/main.ts when there is a "bin".
// - JavaScript: a few minified ES modules in dist/, one per entry and one per dynamic import. What package.json
//   lists under devDependencies is bundled, tree-shaken; dependencies, peerDependencies, @vwmp/* and node: stay imports.
// - Types: dist/types/, emitted by tsc for the files that an entry reaches.
// - dist/THIRD_PARTY_LICENSES.txt: the notices of the packages of which some code was bundled.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rolldown } from 'rolldown';
import { emitDeclarations } from './declarations.mjs';
import { readEntries } from './entries.mjs';
import { licenseNotices } from './licenses.mjs';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = readEntries(manifest);
const installed = Object.keys({
  ...manifest.dependencies,
  ...manifest.peerDependencies,
  ...manifest.optionalDependencies,
});
const isExternal = (/** @type {string} */ id) =>
  id.startsWith('node:') ||
  id.startsWith('@vwmp/') ||
  installed.some((name) => id === name || id.startsWith(`${name}/`));

rmSync('dist', { recursive: true, force: true });

const problems = /** @type {string[]} */ ([]);
const bundle = await rolldown({
  input: Object.fromEntries(entries.map(({ name, source }) => [name, source])),
  ...(process.argv.includes('--neutral')
    ? {
        platform: 'neutral',
        resolve: { conditionNames: ['module', 'import', 'default'], mainFields: ['module', 'main'] },
      }
    : { platform: 'node' }),
  external: isExternal,
  onLog(level, log) {
    if (level === 'warn') problems.push(log.message);
  },
});
const { output } = await bundle.write({
  dir: 'dist',
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  // Names stay readable in stack traces and errors keep their class name; only whitespace and dead code go.
  keepNames: true,
  minify: {
    compress: { target: 'es2023', keepNames: { function: true, class: true } },
    mangle: { keepNames: true },
  },
  comments: { legal: false },
});
await bundle.close();

// A warning of the bundler (an import that does not resolve, a name that is not exported) breaks users later.
if (problems.length > 0) {
  console.error(problems.join('\n\n'));
  process.exit(1);
}

const chunks = output.filter((part) => part.type === 'chunk');
const notices = licenseNotices(chunks);
if (notices) writeFileSync('dist/THIRD_PARTY_LICENSES.txt', notices);

if (manifest.exports && entries.some((entry) => entry.types)) {
  emitDeclarations(
    entries.filter((entry) => entry.types).map((entry) => entry.source),
    [manifest.name, ...installed],
  );
}

const bytes = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk.code), 0);
console.log(`${manifest.name}: ${chunks.length} files, ${(bytes / 1024).toFixed(1)} KiB of JavaScript`);
