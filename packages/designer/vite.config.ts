import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { onlyYamlReader } from '../../tooling/build/yaml-reader.ts';

const config: UserConfig = defineConfig({
  root: join(import.meta.dirname, 'src/page'),
  // The page works below any path.
  base: './',
  plugins: [
    react(),
    withoutTransitions(),
    withoutUnused(),
    plainIcons(),
    onlyYamlReader(),
    componentStyle(),
    preloaded(),
    retriedImports(),
    compressed(),
  ],
  resolve: {
    conditions: ['source', 'module', 'browser', 'development|production'],
    // React has had it of its own since 18.
    alias: [{ find: /^use-sync-external-store\/shim$/, replacement: 'react' }],
  },
  build: {
    outDir: join(import.meta.dirname, 'dist/page'),
    emptyOutDir: true,
    target: 'es2023',
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: { codeSplitting: { groups: groups() } },
      // Components that nobody uses are wrapped where they are defined, which would keep them.
      treeshake: { manualPureFunctions: ['memo', 'forwardRef', 'createContext'] },
    },
  },
});

export default config;

/**
 * What goes together: else a chunk is made for every few lines that two pages share, and opening the editor asks for
 * sixty. Each group has what the modules that it names import, unless one before it has that. A style in one of them would
 * make the first script wait for it.
 */
function groups(): { name: string; test: RegExp; priority: number; minShareCount?: number }[] {
  const names: [string, RegExp, number?][] = [
    ['first', /\/src\/app\/(opening|load-page|route)\.ts$|preload-helper|rolldown\/runtime/],
    [
      'base',
      /\/react-dom\/|\/createLucideIcon|\/src\/(style\/(?!handler-icon)|app\/(use-(?!more|search)|theme|.*-context)|pages\/(page|draft|use-held)|watch\/(format|status|error-box))[^.]*\.tsx?$/,
    ],
    ['lists', /\/src\/(app\/use-(more|search)|pages\/(not-up-to-date|show-more|execution-table))\.tsx?$/],
    ['read', /\/src\/document\/(read|splice|value|unread)\.ts$/],
    ['icons', /\/lucide-react\/|\/src\/style\/handler-icon/, 2],
    [
      'canvas',
      /\/src\/editor\/(canvas\/graph-canvas|use-editor|commands|store)\.tsx?$|\/src\/graph\/(?!validate)/,
    ],
    ['edit', /\/src\/document\/edits\.ts$/],
  ];
  return names.map(([name, test, minShareCount], at) => ({
    ...{ name, test, priority: names.length - at },
    ...(minShareCount !== undefined && { minShareCount }),
  }));
}

/** The style of the page is also what those import who use the components: `@vwmp/designer/style.css`. */
function componentStyle(): Plugin {
  return {
    name: 'component-style',
    writeBundle({ dir = '' }, bundle) {
      const style = Object.keys(bundle).find((file) => file.endsWith('.css'));
      if (style) copyFileSync(join(dir, style), join(dir, '../style.css'));
    },
  };
}

/** The page asks for what its first script will ask for, so that it comes beside it. */
function preloaded(): Plugin {
  return {
    name: 'preloaded',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((part) => part.type === 'chunk');
        const start = chunks.find(({ moduleIds }) =>
          moduleIds.some((id) => id.endsWith('/src/app/start.tsx')),
        );
        const wanted = new Set(start ? [start.fileName] : []);
        for (const name of wanted)
          for (const other of chunks.find(({ fileName }) => fileName === name)!.imports) wanted.add(other);
        const entry = chunks.find(({ isEntry }) => isEntry);
        const known = new Set(entry ? [entry.fileName, ...entry.imports] : []);
        return [...wanted]
          .filter((name) => !known.has(name))
          .map((name) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', href: `./${name}` },
            injectTo: 'head' as const,
          }));
      },
    },
  };
}

/**
 * A part of the page that could not be loaded can be asked for again: browsers remember for ever that an address gave no module,
 * so it is asked for under another one. What it imports is asked for beside it only while the page begins, for the same reason.
 */
function retriedImports(): Plugin {
  return {
    name: 'retried-imports',
    enforce: 'pre',
    load: (id) =>
      id === '\0vite/preload-helper.js'
        ? `let tries = 0;
           const isThere = (address) => [...document.head.children].some(({ href }) => href === address);
           export function __vitePreload(load, names = [], from) {
             if (!document.querySelector('#app > *'))
               for (const name of names) {
                 const link = document.createElement('link');
                 link.rel = 'modulepreload';
                 link.href = new URL(name, from);
                 if (!isThere(link.href)) document.head.append(link);
               }
             return load().catch((error) => {
               const [address] = /https?:\\S+/.exec(error?.message) ?? [];
               if (!address) throw error;
               return import(/* @vite-ignore */ address.split('?')[0] + '?again=' + ++tries);
             });
           }`
        : undefined,
  };
}

/** Beside each text file of the page stands what is sent of it: the server does not compress while it answers. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    // Behind what makes the style sheet and the page of the bundle.
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const part of Object.values(bundle)) {
          const source = part.type === 'chunk' ? part.code : part.source;
          if (source.length > 1024)
            this.emitFile({
              type: 'asset',
              fileName: `${part.fileName}.gz`,
              source: gzipSync(source, { level: 9 }),
            });
        }
      },
    },
  };
}

/**
 * Leaves out d3-transition and d3-interpolate with what they bring, 10 KB compressed: the canvas never moves by itself,
 * neither here (no `duration` is given to React Flow) nor by a double click (which is not to zoom).
 */
export function withoutTransitions(): Plugin {
  const id = '\0no-transitions';
  let asker: string | undefined;
  return {
    name: 'without-transitions',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source === 'd3-transition' || source === 'd3-interpolate') {
        asker = importer;
        return id;
      }
      // What stands in for it has no place of its own to look for its library.
      return importer === id ? this.resolve(source, asker) : undefined;
    },
    load: (loaded) =>
      loaded === id
        ? `import { selection } from 'd3-selection';
           export function interrupt() {}
           export function interpolate() {}
           export const interpolateZoom = interpolate;
           selection.prototype.interrupt = function () { return this; };`
        : undefined,
  };
}

/**
 * Leaves out of the libraries of the canvas what nobody here uses and no bundler can know to be unused: graph algorithms of
 * dagre that only its own namespaces name, the buttons of React Flow, and what it says beside the address of each of its errors.
 */
function withoutUnused(): Plugin {
  return {
    name: 'without-unused',
    transform(code, id) {
      if (id.endsWith('/dagre.esm.js'))
        return code.replaceAll(/[\w$]+\([\w$]+,\{(?:[\w$]+:\(\)=>[\w$]+,?)+\}\)/g, '/* @__PURE__ */$&');
      if (id.includes('/@xyflow/react/')) return code.replaceAll(/^\w+\.displayName = .*$/gm, '');
      if (id.includes('/@xyflow/system/'))
        return code.replaceAll(/^ {4}(error0\d\d): .*,$/gm, "    $1: () => '',");
      return undefined;
    },
  };
}

/**
 * Leaves out of each icon what only tells its lines apart while they change, which they never do, and the names that it had
 * before: random letters do not compress.
 */
function plainIcons(): Plugin {
  return {
    name: 'plain-icons',
    // Where React is the development build, it would miss the keys.
    apply: 'build',
    transform: (code, id) =>
      id.includes('/lucide-react/dist/esm/icons/')
        ? code
            .replaceAll(/, key: "\w+"/g, '')
            .replace(/,\s*aliases: \[[^\]]*\]/, '')
            .replace('__iconData.node;', '')
        : undefined,
  };
}
