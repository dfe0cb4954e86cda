import { docHealing } from '@vwmp/plugin-doc-healing';
import { wasm } from '@vwmp/plugin-wasm';
import { createAudit } from './markdown-audit/plugin/index.ts';
import { stats } from './nightly-report/stats.ts';
import { createShop } from './order-saga/shop.ts';
import { release } from './release-check/release.ts';
import { createVectors } from './wasm/plugin.ts';

/** What `npm start` serves: the plugins of all examples together. */
export default {
  plugins: [createAudit(), stats, createShop(), release, docHealing, wasm, createVectors()],
  workspace: '..',
};
