import type { Area } from '../../scenario.ts';
import { checksumScenario } from './crc32.ts';
import { nearestScenario } from './nearest.ts';
import { pluginsScenario } from './plugins.ts';

export const wasmArea: Area = {
  name: 'wasm',
  title: 'WebAssembly, JavaScript and native code side by side, and what plugins cost before they are used',
  packages: ['core', 'plugin-wasm', 'plugins', 'plugin-doc-healing'],
  scenarios: [nearestScenario, checksumScenario, pluginsScenario],
};
