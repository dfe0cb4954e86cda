const classes = ['Request', 'Response', 'Headers'];

/** What stands for modules of Node in packages that are bundled. */
const modules = {
  // Not an ES import of Node's, which touches getters that load `fetch`.
  'node:http': `export const { STATUS_CODES, ServerResponse, createServer } = process.getBuiltinModule('node:http');`,
  // No server of ours speaks it.
  'node:http2': 'export class Http2ServerRequest {}\nexport const constants = {};',
};

/**
 * Makes code use `web` of a module in place of what Node has of the web.
 *
 * @param {string} file
 * @returns {{ plugins: import('rolldown').Plugin[], transform: import('rolldown').TransformOptions, replaces: typeof replaces }}
 */
export function replaceWeb(file) {
  /** @type {Record<string, string>} */
  const define = { global: 'web', 'globalThis.CloseEvent': 'undefined' };
  for (const name of classes) {
    define[name] = `web.${name}`;
    define[`globalThis.${name}`] = `web.${name}`;
  }
  return {
    transform: { define, inject: { web: [file, 'web'] } },
    replaces,
    plugins: [
      {
        name: 'modules-of-node',
        resolveId: (id, importer) => (replaces(id, importer) ? `\0${id}` : undefined),
        load: (id) => modules[/** @type {keyof typeof modules} */ (id.slice(1))],
      },
    ],
  };
}

/**
 * @param {string} id
 * @param {string | undefined} importer
 */
function replaces(id, importer) {
  return Object.hasOwn(modules, id) && importer?.includes('/node_modules/') === true;
}
