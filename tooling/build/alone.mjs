import { relative, resolve } from 'node:path';
import { parseAst } from 'rolldown/parseAst';

/**
 * @typedef {{ fileName: string, code: string, modules: Record<string, { renderedLength: number }> }} Part
 * @typedef {object} Tools
 * @property {(input: Record<string, string>, plugins?: import('rolldown').Plugin[], keepNames?: boolean) => Promise<Part[]>} run
 * @property {(id: string) => boolean} isExternal
 * @property {readonly string[]} uponIndex the entries that take what `index` consists of from there
 */

/** Begins what stands for a module that the main entry has. */
const had = '\0index:';

/**
 * Makes one file of each entry and of each module that is imported dynamically.
 *
 * @param {{ name: string, source: string }[]} entries
 * @param {Tools} tools
 * @returns {Promise<Part[]>}
 */
export async function bundleAlone(entries, { run, isExternal, uponIndex }) {
  /** @type {Map<string, string>} by the path of the module: the file it becomes, without extension */
  const files = new Map(entries.map(({ name, source }) => [resolve(source), name]));
  /** @type {Set<string>} */
  const shared = new Set();
  await run(Object.fromEntries(entries.map(({ name, source }) => [name, source])), [
    {
      name: 'find-dynamic-imports',
      buildEnd() {
        for (const module of this.getModuleIds())
          for (const id of this.getModuleInfo(module)?.dynamicallyImportedIds ?? [])
            if (!isExternal(id)) shared.add(id);
      },
    },
  ]);
  for (const module of shared) {
    if (files.has(module)) continue;
    const [, installedName] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(module) ?? [];
    const place = relative(resolve('src'), module).replace(/(\/index)?\.tsx?$/, '');
    files.set(module, (installedName ?? place).replaceAll('/', '-'));
  }
  const upon = entries.filter(({ name }) => uponIndex.includes(name));
  const apart = upon.length > 0 ? ['index', ...uponIndex] : [];
  const rest = [...files].filter(([, name]) => !apart.includes(name));
  const parts = [];
  for (const [module, name] of rest)
    parts.push(...(await run({ [name]: module }, [toFile(module)], !shared.has(module))));
  if (upon.length > 0) parts.push(...(await bundleUponIndex(upon)));
  return parts;

  /**
   * Imports of shared modules become imports of their files.
   *
   * @param {string} self
   * @returns {import('rolldown').Plugin}
   */
  function toFile(self) {
    return {
      name: 'files',
      async resolveId(source, importer) {
        if (!importer || isExternal(source) || source.startsWith('\0')) return null;
        const resolved = await this.resolve(source, importer, { skipSelf: true });
        if (!resolved || resolved.id === self || !shared.has(resolved.id)) return null;
        return { id: `./${files.get(resolved.id)}.js`, external: true };
      },
    };
  }

  /** @param {{ name: string, source: string }[]} those */
  async function bundleUponIndex(those) {
    const main = /** @type {{ source: string }} */ (entries.find(({ name }) => name === 'index'));
    const index = resolve(main.source);
    const [alone] = await run({ index }, [toFile(index)]);
    const base = new Set(Object.keys(/** @type {Part} */ (alone).modules));
    base.delete(index);
    /** @type {Map<string, { module: string, name: string }>} what the main entry exports, by its name there */
    const exported = new Map();
    /** @type {Part[]} */
    const parts = [];
    for (const { name, source } of those) {
      const self = resolve(source);
      parts.push(...(await run({ [name]: self }, [fromIndex(base, exported), toFile(self)])));
    }
    const used = [...exported].filter(([name]) => parts.some(({ code }) => imports(code).has(name)));
    return [...parts, ...(await run({ index: `${index}?more` }, [withMore(index, used), toFile(index)]))];
  }
}

/**
 * Imports of what the main entry has become imports of that.
 *
 * @param {Set<string>} base the modules of the main entry
 * @param {Map<string, { module: string, name: string }>} exported is filled
 * @returns {import('rolldown').Plugin}
 */
function fromIndex(base, exported) {
  return {
    name: 'from-index',
    async resolveId(source, importer) {
      if (source === './index.js' && importer?.startsWith(had)) return { id: source, external: true };
      if (!importer || importer.startsWith(had) || !source.startsWith('.')) return null;
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      return resolved && base.has(resolved.id) ? { id: `${had}${resolved.id}` } : null;
    },
    async load(id) {
      if (!id.startsWith(had)) return null;
      const module = id.slice(had.length);
      const { exports = [] } = (await this.load({ id: module })) ?? {};
      const names = exports.map((name) => {
        let own = `$${name}`;
        // Another entry may have asked for the same.
        while ((exported.get(own) ?? { module }).module !== module) own += '$';
        exported.set(own, { module, name });
        return `${own} as ${name}`;
      });
      return `export { ${names.join(', ')} } from './index.js';`;
    },
  };
}

/**
 * Adds exports to the main entry.
 *
 * @param {string} index
 * @param {[string, { module: string, name: string }][]} more
 * @returns {import('rolldown').Plugin}
 */
function withMore(index, more) {
  return {
    name: 'with-more',
    resolveId: (source) => (source === `${index}?more` ? source : null),
    load: (id) =>
      id === `${index}?more`
        ? [
            `export * from ${JSON.stringify(index)};`,
            ...more.map(
              ([own, { module, name }]) => `export { ${name} as ${own} } from ${JSON.stringify(module)};`,
            ),
          ].join('\n')
        : null,
  };
}

/**
 * What some code imports from the main entry.
 *
 * @param {string} code
 */
function imports(code) {
  const names = new Set();
  for (const node of parseAst(code).body)
    if (node.type === 'ImportDeclaration' && node.source.value === './index.js')
      for (const each of node.specifiers)
        if (each.type === 'ImportSpecifier' && 'name' in each.imported) names.add(each.imported.name);
  return names;
}
