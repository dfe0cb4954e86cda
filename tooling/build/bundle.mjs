#!/usr/bin/env node
// Builds the package in the current directory: `node ../../tooling/build/bundle.mjs [--neutral] [--alone [--upon FILE:OTHER,OTHER]…]`.
//
// - Entries are what package.json says: every export with a "source", and src/main.ts if there is a "bin". JSON is minified.
// - JavaScript: a few minified ES modules in dist/, one per entry and one per dynamic import. What package.json
//   lists under devDependencies is bundled and tree-shaken; dependencies, peerDependencies, @vwmp/* and node:
//   stay imports.
// - Types: dist/types/, emitted by tsc for the files that an entry reaches.
// - dist/THIRD_PARTY_LICENSES.txt: the notices of the packages of which some code was bundled.
// - --neutral: the package also runs in browsers. It takes the builds of its dependencies that are for any
//   platform, which are ES modules where those for Node are CommonJS (yaml, which then can't be tree-shaken),
//   and the output needs no node:module.
//
// - --alone: each entry and each module that is imported dynamically becomes one file, with a copy of the little that it
//   shares with others, and whoever imports such a module dynamically or statically imports that file. For packages of
//   which programs need little at first: a file costs Node more than what is in it, since it walks and compares paths
//   character by character, until V8 optimises that and thereby loads 2 MiB of compiler. All files lie in one folder.
//
// - --upon FILE:OTHER,OTHER (may be given several times): this file takes what those consist of from there instead of having a
//   copy: for one that nobody loads without them. What it takes is exported under names that begin with "$" and that no types tell of.
//
// - --list: all that the main entry loads at once becomes one file, which the other entries share. For packages whose main entry
//   is a list of what they have, and whose entries have a part of it each: a file for each part would cost more than its code.
//
// - --web FILE: `Request`, `Response` and `Headers` are what `web` in FILE says, also for packages that are bundled, and these take
//   node:http and node:http2 in a way that does not make Node load `fetch`: an ES import touches each export.
//
// - --read-yaml: leaves out of `yaml` what writes it.
//
// dist/ is replaced at the end and only by a build that succeeded, so that whoever runs it meanwhile is not disturbed.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build } from 'rolldown';
import { bundleAlone } from './alone.mjs';
import { emitDeclarations } from './declarations.mjs';
import { readData, readEntries } from './entries.mjs';
import { licenseNotices } from './licenses.mjs';
import { breakLines } from './lines.mjs';
import { replaceWeb } from './web.mjs';
import { onlyYamlReader } from './yaml-reader.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const installed = Object.keys({
  ...manifest.dependencies,
  ...manifest.peerDependencies,
  ...manifest.optionalDependencies,
});
const next = `.dist-${process.pid}`;
const alone = process.argv.includes('--alone');
const upon = new Map(
  process.argv.flatMap((each, i, all) => {
    if (all[i - 1] !== '--upon') return [];
    const [file = '', others] = each.split(':');
    if (others === undefined) throw new Error(`--upon ${each}: FILE:OTHER,OTHER is wanted.`);
    return [[file, others.split(',')]];
  }),
);
const web = process.argv.includes('--web')
  ? replaceWeb(resolve(/** @type {string} */ (process.argv[process.argv.indexOf('--web') + 1])))
  : { plugins: [], transform: {}, replaces: () => false };
const reader = process.argv.includes('--read-yaml') ? [onlyYamlReader()] : [];

try {
  mkdirSync(next);
  const entries = readEntries(manifest, alone);
  const chunks = await bundle(entries);
  const notices = licenseNotices(chunks);
  if (notices) writeFileSync(join(next, 'THIRD_PARTY_LICENSES.txt'), notices);
  for (const { name, text } of readData(manifest)) writeFileSync(join(next, name), text);
  const typed = entries.filter((entry) => entry.types);
  if (typed.length > 0) emitDeclarations(typed, next, [manifest.name, ...installed], alone);

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
  const parts = alone ? await bundleAlone(entries, { run, isExternal, upon }) : await bundleTogether(entries);
  return parts.map(({ fileName, code, modules }) => {
    const file = join(next, fileName);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
    return { code, modules };
  });
}

/** @param {{ name: string, source: string }[]} entries */
function bundleTogether(entries) {
  const input = Object.fromEntries(entries.map(({ name, source }) => [name, source]));
  if (!process.argv.includes('--list')) return run(input);
  /** @type {Set<string>} */
  const atOnce = new Set();
  const find = {
    name: 'find-static-imports',
    /** @this {import('rolldown').PluginContext} */
    buildEnd() {
      const rest = [resolve(/** @type {string} */ (input.index))];
      for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
        const info = atOnce.has(id) || isExternal(id) ? null : this.getModuleInfo(id);
        if (!info) continue;
        atOnce.add(id);
        rest.push(...info.importedIds);
      }
    },
  };
  return run(input, [find], true, { groups: [{ name: 'list', test: (id) => atOnce.has(id) }] });
}

/**
 * @param {Record<string, string>} input
 * @param {import('rolldown').Plugin[]} [plugins]
 * @param {boolean} [keepNames] of functions and classes
 * @param {import('rolldown').OutputOptions['codeSplitting']} [codeSplitting]
 */
async function run(input, plugins = [], keepNames = true, codeSplitting = undefined) {
  /** @type {string[]} */
  const problems = [];
  const { output } = await build({
    input,
    plugins: [...reader, ...web.plugins, ...plugins],
    transform: web.transform,
    ...(process.argv.includes('--neutral')
      ? {
          platform: 'neutral',
          resolve: { conditionNames: ['module', 'import', 'default'], mainFields: ['module', 'main'] },
        }
      : { platform: 'node' }),
    external: (id, importer) => isExternal(id) && !web.replaces(id, importer),
    // Not all packages say that their modules do nothing by themselves.
    treeshake: { moduleSideEffects: (id) => !id.includes('/node_modules/') && !id.startsWith('node:') },
    onLog(level, log) {
      // What it warns of in our own code (an import that does not resolve, say) breaks users later.
      if (level === 'warn' && !log.id?.includes('/node_modules/')) problems.push(log.message);
    },
    write: false,
    output: {
      dir: next,
      format: 'esm',
      ...(codeSplitting === undefined ? {} : { codeSplitting }),
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      // Names stay readable in stack traces, and errors keep the name of their class.
      // What is loaded later is mostly code of others, whose names take 5 % of their memory.
      minify: {
        compress: { target: 'es2023', keepNames: { function: keepNames, class: keepNames } },
        mangle: { keepNames },
        codegen: { removeWhitespace: true },
      },
      // Nor the marks of what is pure: what nobody uses is left out by now, and they would be in the memory of everybody.
      comments: { legal: false, jsdoc: false, annotation: false },
    },
  });
  if (problems.length > 0) throw new Error(problems.join('\n\n'));
  // Node shows the whole line that an uncaught error was thrown in: in what users call, a line has to be short.
  const inLines = keepNames && manifest.bin === undefined;
  return output
    .filter((part) => part.type === 'chunk')
    .map(({ fileName, code, modules }) => ({
      fileName,
      code: inLines ? breakLines(inAscii(code)) : inAscii(code),
      modules,
    }));
}

/**
 * Escapes what is not ASCII, which the minifier leaves in strings, templates and patterns only: a single such
 * character makes V8 keep the whole source text in two bytes per character.
 *
 * @param {string} code
 */
function inAscii(code) {
  const kept = /String\.raw`[^`]*[^\0-\x7f]|(?<!\\)(?:\\\\)*\\[^\0-\x7f]/.exec(code);
  if (kept) throw new Error(`An escape would mean something else here: ${kept[0].slice(-40)}`);
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** @param {string} id */
function isExternal(id) {
  if (id.startsWith('node:') || id.startsWith('@vwmp/')) return true;
  return installed.some((name) => id === name || id.startsWith(`${name}/`));
}
