import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';

/**
 * Emits the type declarations of what the entries reach, into dist/types.
 *
 * @param {string[]} sources the entries
 * @param {string[]} installed packages that are there when a user has installed this one: types may refer to no other
 */
export function emitDeclarations(sources, installed) {
  // A tsconfig of its own: without tests, and with other packages seen as users see them, by their built types.
  const config = 'tsconfig.build.tmp.json';
  const compilerOptions = {
    noEmit: false,
    emitDeclarationOnly: true,
    rootDir: 'src',
    outDir: 'dist/types',
    customConditions: [],
  };
  writeFileSync(
    config,
    JSON.stringify({ extends: './tsconfig.json', include: [], files: sources, compilerOptions }),
  );
  try {
    execFileSync('tsc', ['-p', config], { stdio: 'inherit' });
  } catch {
    process.exit(1);
  } finally {
    rmSync(config, { force: true });
  }

  const strangers = [];
  for (const file of globSync('dist/types/**/*.d.ts')) {
    const text = readFileSync(file, 'utf8');
    for (const [, id = ''] of text.matchAll(/(?:\bfrom|\bimport\(|^import)\s*['"]([^'"]+)['"]/gm)) {
      const known = installed.some((name) => id === name || id.startsWith(`${name}/`));
      if (!id.startsWith('.') && !isBuiltin(id) && !known) strangers.push(`${file} refers to "${id}"`);
    }
  }
  if (strangers.length > 0) {
    console.error(
      `Types that users can't resolve, because the package is bundled and not installed with this one:\n` +
        `  ${strangers.join('\n  ')}\n` +
        `Declare the public type in this package, or make the package a dependency.`,
    );
    process.exit(1);
  }
}
