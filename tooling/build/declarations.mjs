import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';

/**
 * Emits the type declarations of what the entries reach.
 *
 * @param {string[]} sources the entries
 * @param {string} folder of the package, which gets a folder `types`
 * @param {string[]} installed packages that are there when a user has installed this one
 */
export function emitDeclarations(sources, folder, installed) {
  // A tsconfig of its own: without tests, and with other packages seen as users see them, by their built types.
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    emitDeclarationOnly: true,
    stripInternal: true,
    rootDir: '../src',
    outDir: 'types',
    customConditions: [],
  };
  const files = sources.map((source) => join('..', source));
  writeFileSync(config, JSON.stringify({ extends: '../tsconfig.json', include: [], files, compilerOptions }));
  const { status, stdout, stderr, error } = spawnSync('tsc', ['-p', config], { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`${stdout}${stderr}`);
  rmSync(config);

  const types = join(folder, 'types');
  rewriteExtensions(types);
  removeUnreached(types, sources);
  const strangers = findStrangers(types, installed);
  if (strangers.length > 0) {
    throw new Error(
      `Types that users can't resolve, because the package is bundled and not installed with this one:\n` +
        `  ${strangers.join('\n  ')}\n` +
        `Declare the public type in this package, or make the package a dependency.`,
    );
  }
}

/**
 * `./x.ts` becomes `./x.js`, which every version of TypeScript resolves to `./x.d.ts`: tsc rewrites it in code only.
 *
 * @param {string} types
 */
function rewriteExtensions(types) {
  for (const file of globSync(join(types, '**/*.d.ts'))) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replace(/((?:\bfrom|\bimport\(|^import)\s*['"]\.[^'"]*)\.tsx?(?=['"])/gm, '$1.js'),
    );
  }
}

const specifier = /(?:\bfrom|\bimport\(|^import)\s*['"]([^'"]+)['"]/gm;

/**
 * tsc emits declarations of every file that the code reaches; users see only those that the public types reach.
 *
 * @param {string} types
 * @param {string[]} sources the entries, as `src/x.ts`
 */
function removeUnreached(types, sources) {
  const open = sources.map((source) => join(types, relative('src', source).replace(/\.tsx?$/, '.d.ts')));
  const reached = new Set(open);
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const [, id = ''] of readFileSync(file, 'utf8').matchAll(specifier)) {
      if (!id.startsWith('.')) continue;
      const target = join(dirname(file), id.replace(/\.js$/, '.d.ts'));
      if (reached.has(target)) continue;
      reached.add(target);
      open.push(target);
    }
  }
  for (const file of globSync(join(types, '**/*.d.ts'))) if (!reached.has(file)) rmSync(file);
}

/**
 * Imports in declarations of packages that a user may not have.
 *
 * @param {string} types
 * @param {string[]} installed
 */
function findStrangers(types, installed) {
  const strangers = [];
  for (const file of globSync(join(types, '**/*.d.ts'))) {
    const text = readFileSync(file, 'utf8');
    for (const [, id = ''] of text.matchAll(specifier)) {
      const known = installed.some((name) => id === name || id.startsWith(`${name}/`));
      if (!id.startsWith('.') && !isBuiltin(id) && !known) {
        strangers.push(`${file.slice(types.length + 1)} refers to "${id}"`);
      }
    }
  }
  return strangers;
}
