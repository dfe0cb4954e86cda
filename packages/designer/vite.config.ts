import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

const config: UserConfig = defineConfig({
  root: join(import.meta.dirname, 'src/page'),
  // The page works below any path.
  base: './',
  plugins: [react(), withoutTransitions(), componentStyle(), compressed()],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: join(import.meta.dirname, 'dist/page'),
    emptyOutDir: true,
    target: 'es2023',
    cssCodeSplit: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
});

export default config;

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
 * Leaves out d3-transition and what it brings, 5 KB compressed: the canvas never moves by itself, neither here (no
 * `duration` is given to React Flow) nor by a double click (which is not to zoom).
 */
export function withoutTransitions(): Plugin {
  const id = '\0d3-transition';
  let asker: string | undefined;
  return {
    name: 'without-transitions',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source === 'd3-transition') {
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
           selection.prototype.interrupt = function () { return this; };`
        : undefined,
  };
}
