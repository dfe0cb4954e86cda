import { readFileSync } from 'node:fs';

/**
 * JSON that users import, without what is only there for readers.
 *
 * @param {{ exports?: Record<string, any> }} manifest
 * @returns {{ name: string, text: string }[]} `name` is the path in dist/
 */
export function readData(manifest) {
  return Object.entries(manifest.exports ?? {}).flatMap(([subpath, { source }]) => {
    if (!source?.endsWith('.json')) return [];
    return [{ name: subpath.slice(2), text: JSON.stringify(JSON.parse(readFileSync(source, 'utf8'))) }];
  });
}

/**
 * The modules a package is entered by.
 *
 * @param {{ name: string, exports?: Record<string, any>, bin?: unknown }} manifest
 * @param {boolean} flat whether dist/ has no folders: files are called as what users import
 * @returns {{ name: string, source: string, types: boolean }[]} `name` is the path in dist/, without extension.
 */
export function readEntries(manifest, flat) {
  const entries = [];
  for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
    if (!target.source || target.source.endsWith('.json')) continue;
    const place = /^\.\/src\/(.+)\.tsx?$/.exec(target.source)?.[1];
    const name = flat ? subpath.slice(2).replaceAll('/', '-') || 'index' : place;
    const expected = { types: `./dist/types/${name}.d.ts`, default: `./dist/${name}.js` };
    for (const [condition, path] of Object.entries(expected)) {
      if (target[condition] !== path) {
        throw new Error(
          `${manifest.name}: exports["${subpath}"].${condition} is ${target[condition]}, but ${target.source} is built to ${path}`,
        );
      }
    }
    entries.push({ name: /** @type {string} */ (name), source: target.source, types: true });
  }
  if (manifest.bin) entries.push({ name: 'main', source: './src/main.ts', types: false });
  if (entries.length === 0)
    throw new Error(`${manifest.name}: package.json names no export with a "source" and no bin`);
  return entries;
}
