import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';

/**
 * Emits the type declarations of what the entries reach.
 *
 * @param {{ name: string, source: string }[]} entries
 * @param {string} folder of the package, which gets a folder `types`
 * @param {string[]} installed packages that are there when a user has installed this one
 * @param {boolean} flat whether all but the entries become one file, and all lie in one folder: each file and folder takes a
 *   block of 4 KiB on disk
 */
export function emitDeclarations(entries, folder, installed, flat) {
  const sources = entries.map(({ source }) => source);
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
  if (flat) mergeModules(types, entries);
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

const statement = /^(?:import|export)\b[^;]*?\bfrom '([^']+)';\n/gm;
const declared =
  /^(?:export )?(?:declare )?(?:abstract )?(?:interface|type|const|class|function|enum) (\w+)/gm;

/**
 * Puts the declarations of all modules but the entries into one file, `shared.d.ts`, and those of the entries beside it. What
 * they are called has to be unique in the package, and imported as it is called.
 *
 * @param {string} types
 * @param {{ name: string, source: string }[]} named the entries
 */
function mergeModules(types, named) {
  const shared = join(types, 'shared.d.ts');
  /** By the file that was emitted: the one that it becomes. */
  const entries = new Map(
    named.map(({ name, source }) => [
      join(types, relative('src', source).replace(/\.tsx?$/, '.d.ts')),
      join(types, `${name}.d.ts`),
    ]),
  );
  const others = globSync(join(types, '**/*.d.ts'))
    .filter((file) => !entries.has(file))
    .sort();
  /** @type {Map<string, Set<string>>} by the file of an entry: what is imported from it */
  const imported = new Map();
  const owners = new Map();
  let merged = '';
  for (const file of others) {
    const text = readFileSync(file, 'utf8').replace(statement, (line, id) => {
      const target = join(dirname(file), id.replace(/\.js$/, '.d.ts'));
      const names =
        /\{([^}]*)\}/
          .exec(line)?.[1]
          ?.split(',')
          .map((name) => name.replace(/^\s*type\s/, '').trim()) ?? [];
      const plain = names.length > 0 && names.every((name) => /^\w*$/.test(name));
      if (!id.startsWith('.') || !plain) throw new Error(`${file} cannot be merged, because of: ${line}`);
      if (entries.has(target)) imported.set(target, new Set([...(imported.get(target) ?? []), ...names]));
      return '';
    });
    if (/import\(['"]\./.test(text))
      throw new Error(`${file} cannot be merged, because of an import() in a type.`);
    for (const [, name] of text.matchAll(declared)) {
      if (owners.has(name) && owners.get(name) !== file)
        throw new Error(
          `${file} and ${owners.get(name)} both declare ${name}; give one of them another name.`,
        );
      owners.set(name, file);
    }
    merged += text.replace(/^export \{\};\n/gm, '');
    rmSync(file);
  }
  const imports = [...imported].flatMap(([target, names]) => {
    // What an entry passes on stands here itself.
    const own = [...names].filter((name) => name && !owners.has(name)).sort();
    if (own.length === 0) return [];
    return `import type { ${own.join(', ')} } from '${specifierOf(shared, entries.get(target) ?? target)}';\n`;
  });
  let asked = imports.join('');
  for (const [entry, place] of entries) {
    const text = readFileSync(entry, 'utf8').replace(statement, (line, id) => {
      if (!id.startsWith('.')) return line;
      const target = entries.get(join(dirname(entry), id.replace(/\.js$/, '.d.ts')));
      if (!target && /\*/.test(line))
        throw new Error(`${entry} cannot refer to the merged types, because of: ${line}`);
      return line.replace(`'${id}'`, `'${specifierOf(place, target ?? shared)}'`);
    });
    rmSync(entry);
    writeFileSync(place, text);
    asked += text;
  }
  // Tabs instead of four spaces each: 5 % of the file.
  const kept = reached(merged, asked).replaceAll(/^(?: {4})+/gm, (indent) => '\t'.repeat(indent.length / 4));
  writeFileSync(shared, `${imports.join('')}${kept}export {};\n`);
  for (const folder of globSync(join(types, '*/'))) rmSync(folder, { recursive: true });
}

/**
 * The declarations that are named in a text, in one of them, and so on. Any word counts: some stay for nothing, none is missing.
 *
 * @param {string} declarations
 * @param {string} asked
 */
function reached(declarations, asked) {
  const begins = [...declarations.matchAll(/^(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?\w/gm)].map(
    ({ index }) => index,
  );
  const parts = begins.map((begin, i) => declarations.slice(begin, begins[i + 1]));
  /** @type {Map<string, string[]>} */
  const named = new Map();
  for (const part of parts) {
    const name = [...part.matchAll(declared)][0]?.[1];
    if (name === undefined) throw new Error(`What does this declare?\n${part}`);
    named.set(name, [...(named.get(name) ?? []), part]);
  }
  const kept = new Set();
  const texts = [asked];
  for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
    for (const [name] of text.replace(/\/\*\*[\s\S]*?\*\//g, '').matchAll(/\w+/g)) {
      for (const part of named.get(name) ?? []) {
        if (!kept.has(part)) texts.push(part);
        kept.add(part);
      }
    }
  }
  return parts.filter((part) => kept.has(part)).join('');
}

/**
 * @param {string} from
 * @param {string} to
 */
function specifierOf(from, to) {
  const path = relative(dirname(from), to).replace(/\.d\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
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
