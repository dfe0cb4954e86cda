import type { Plugin } from '@vwmp/core';
import { http } from './http/index.ts';

export { createHttp, type HttpOptions, http } from './http/index.ts';

/** All plugins of this package with their default settings. Their code is loaded when a step first needs it. */
export const plugins: readonly Plugin[] = [http];
