import { wasm } from '@vwmp/plugin-wasm';
import { createVectors } from './plugin.ts';

// `wasm` brings the handler `wasm.run`, for modules of the workspace; `vectors` has a module of its own.
export default { plugins: [wasm, createVectors()] };
