import type { Area } from '../../scenario.ts';
import { nearestScenario } from './nearest.ts';

export const wasmArea: Area = {
  name: 'wasm',
  title: 'WebAssembly and JavaScript side by side',
  packages: ['core', 'plugin-wasm'],
  scenarios: [nearestScenario],
};
