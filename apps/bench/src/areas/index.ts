import type { Area } from '../scenario.ts';
import { apiArea } from './api/index.ts';
import { coreArea } from './core/index.ts';
import { decisionsArea } from './decisions/index.ts';
import { designerArea } from './designer/index.ts';
import { durableArea } from './durable/index.ts';
import { growthArea } from './growth/index.ts';
import { idleArea } from './idle/index.ts';
import { modesArea } from './modes/index.ts';
import { peersArea } from './peers/index.ts';
import { sizeArea } from './size/index.ts';
import { wasmArea } from './wasm/index.ts';

/** Everything that can be measured. */
export const areas: readonly Area[] = [
  coreArea,
  durableArea,
  apiArea,
  wasmArea,
  designerArea,
  decisionsArea,
  growthArea,
  idleArea,
  modesArea,
  peersArea,
  sizeArea,
];

/** The area of that name, with `all` every one; none when there is none. */
export function areasNamed(name: string): readonly Area[] {
  return name === 'all' ? areas : areas.filter((area) => area.name === name);
}
