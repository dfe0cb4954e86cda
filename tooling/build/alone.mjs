import { relative, resolve } from 'node:path';
import { parseAst } from 'rolldown/parseAst';

/**
 * @typedef {{ fileName: string, code: string, modules: Record<string, { renderedLength: number }> }} Part
 * @typedef {object} Tools
 * @property {(input: Record<string, string>, plugins?: import('rolldown').Plugin[], keepNames?: boolean) => Promise<Part[]>} run
 * @property {(id: string) => boolean} isExternal
 * @property {ReadonlyMap<string, readonly string[]>} upon by the name of a file: those that it takes what they have from
 */

/** Begins what stands for a module that another file has. */
const had = '\0had:';

/**
 * Makes one file of each entry and of each module that is imported dynamically.
 *
 * @param {{ name: string, source: string }[]} entries
 * @param {Tools} tools
 * @returns {Promise<Part[]>}
 */
export async function bundleAlone(entries, { run, isExternal, upon }) {
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
  const modules = new Map([...files].map(([module, name]) => [name, module]));
  for (const name of [...upon.keys(), ...[...upon.values()].flat()])
    if (!modules.has(name)) throw new Error(`--upon: there is no file "${name}" in ${[...modules.keys()]}`);
  /** @type {Map<string, Promise<Set<string>>>} */
  const owned = new Map();
  /** @type {Map<string, Exported>} by the name of a file: what others take from it */
  const taken = new Map();
  /** @type {Part[]} */
  const parts = [];
  for (const name of lastFirst([...modules.keys()], upon)) {
    const module = /** @type {string} */ (modules.get(name));
    const more = [...(taken.get(name) ?? [])].filter(([own]) =>
      parts.some(({ code }) => imports(code, name).has(own)),
    );
    const [input, plugins] = more.length > 0 ? [`${module}?more`, [withMore(module, more)]] : [module, []];
    plugins.push(await fromOthers(name), toFile(module));
    parts.push(...(await run({ [name]: input }, plugins, !shared.has(module) || upon.has(name))));
  }
  return parts;

  /**
   * Imports of what other files have become imports of those.
   *
   * @param {string} name
   */
  async function fromOthers(name) {
    const others = upon.get(name) ?? [];
    const bases = new Map();
    for (const other of others) {
      if (!taken.has(other)) taken.set(other, new Map());
      bases.set(other, { modules: await modulesOf(other), exported: taken.get(other) });
    }
    return takeFrom(bases);
  }

  /**
   * What a file consists of when nobody takes anything from it.
   *
   * @param {string} name
   * @returns {Promise<Set<string>>}
   */
  function modulesOf(name) {
    const known = owned.get(name);
    if (known) return known;
    const found = (async () => {
      const module = /** @type {string} */ (modules.get(name));
      const bases = new Map();
      for (const other of upon.get(name) ?? [])
        bases.set(other, { modules: await modulesOf(other), exported: new Map() });
      const [alone] = await run({ [name]: module }, [takeFrom(bases), toFile(module)]);
      const all = new Set(Object.keys(/** @type {Part} */ (alone).modules));
      all.delete(module);
      return all;
    })();
    owned.set(name, found);
    return found;
  }

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
}

/**
 * Those first from which nobody takes anything that comes later.
 *
 * @param {readonly string[]} names
 * @param {ReadonlyMap<string, readonly string[]>} upon
 */
function lastFirst(names, upon) {
  /** @type {Set<string>} */
  const done = new Set();
  const visit = (/** @type {string} */ name) => {
    if (done.has(name)) return;
    for (const [other, bases] of upon) if (bases.includes(name)) visit(other);
    done.add(name);
  };
  for (const name of names) visit(name);
  return done;
}

/** @typedef {Map<string, { module: string, name: string }>} Exported what a file exports for others, by its name there */

/**
 * Imports of what other files have become imports of those.
 *
 * @param {Map<string, { modules: Set<string>, exported: Exported }>} bases by the name of the file; `exported` is filled
 * @returns {import('rolldown').Plugin}
 */
function takeFrom(bases) {
  return {
    name: 'from-others',
    async resolveId(source, importer) {
      if (importer?.startsWith(had)) return { id: source, external: true };
      if (!importer || !source.startsWith('.')) return null;
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      for (const [file, { modules }] of bases)
        if (resolved && modules.has(resolved.id)) return { id: `${had}${file}:${resolved.id}` };
      return null;
    },
    async load(id) {
      if (!id.startsWith(had)) return null;
      const [, file = '', module = ''] = /^([^:]+):(.*)$/.exec(id.slice(had.length)) ?? [];
      const { exported } = /** @type {{ exported: Exported }} */ (bases.get(file));
      const { exports = [] } = (await this.load({ id: module })) ?? {};
      const names = exports.map((name) => {
        let own = `$${name}`;
        // Another file may have asked for the same.
        while ((exported.get(own) ?? { module }).module !== module) own += '$';
        exported.set(own, { module, name });
        return `${own} as ${name}`;
      });
      return `export { ${names.join(', ')} } from './${file}.js';`;
    },
  };
}

/**
 * Adds exports to an entry.
 *
 * @param {string} entry
 * @param {[string, { module: string, name: string }][]} more
 * @returns {import('rolldown').Plugin}
 */
function withMore(entry, more) {
  return {
    name: 'with-more',
    resolveId: (source) => (source === `${entry}?more` ? source : null),
    load: (id) =>
      id === `${entry}?more`
        ? [
            `export * from ${JSON.stringify(entry)};`,
            ...more.map(
              ([own, { module, name }]) => `export { ${name} as ${own} } from ${JSON.stringify(module)};`,
            ),
          ].join('\n')
        : null,
  };
}

/**
 * What some code imports from a file.
 *
 * @param {string} code
 * @param {string} file
 */
function imports(code, file) {
  const names = new Set();
  for (const node of parseAst(code).body)
    if (node.type === 'ImportDeclaration' && node.source.value === `./${file}.js`)
      for (const each of node.specifiers)
        if (each.type === 'ImportSpecifier' && 'name' in each.imported) names.add(each.imported.name);
  return names;
}
