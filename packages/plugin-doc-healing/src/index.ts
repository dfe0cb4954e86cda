import { definePlugin, type Plugin } from '@vwmp/core';
import { createHandlers } from './handlers/handlers.ts';
import type { DocHealingOptions } from './options.ts';
import { docHealingType } from './templates.ts';

export type { DocHealingOptions } from './options.ts';

/**
 * Makes the plugin `doc_healing` with settings of your own.
 *
 * @example
 * ```ts
 * const docHealing = createDocHealing({ allowPrivateAddresses: true });
 * ```
 */
export function createDocHealing(options: DocHealingOptions = {}): Plugin {
  return definePlugin({
    name: 'doc_healing',
    description: 'Finds what is wrong in documentation and heals it.',
    handlers: createHandlers(options),
    workflowTypes: [docHealingType],
  });
}

/** The plugin `doc_healing` with its default settings. */
export const docHealing: Plugin = createDocHealing();

export default docHealing;
