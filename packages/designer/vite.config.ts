import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

const config: UserConfig = defineConfig({
  root: join(import.meta.dirname, 'src/page'),
  // The page works below any path.
  base: './',
  plugins: [react(), componentStyle()],
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
