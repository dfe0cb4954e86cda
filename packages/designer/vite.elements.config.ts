import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';

/** The custom elements with everything that they need, for pages that have no build: one module and what it loads when used. */
const config: UserConfig = defineConfig({
  plugins: [react()],
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    lib: {
      entry: join(import.meta.dirname, 'src/embed/elements.tsx'),
      formats: ['es'],
      fileName: 'elements',
    },
    outDir: join(import.meta.dirname, 'dist/elements'),
    target: 'es2023',
    cssCodeSplit: false,
    // Vite keeps the white space of libraries, for those who bundle them again; here nobody does.
    rolldownOptions: { output: { minify: true } },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
});

export default config;
