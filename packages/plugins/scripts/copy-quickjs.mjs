// Puts QuickJS beside the built worker of `script.js`: a WebAssembly file can't be bundled.
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
copyFileSync(source, 'dist/script/quickjs.wasm');
