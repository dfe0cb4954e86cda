import { definePlugin, type Plugin } from '../plugin/plugin.ts';
import { approval } from './approval.ts';
import { emitSignal } from './emit.ts';
import { fail } from './fail.ts';
import { log } from './log.ts';
import { set } from './set.ts';
import { sleep } from './sleep.ts';
import { switchHandler } from './switch.ts';
import { wait } from './wait.ts';
import { workflow } from './workflow.ts';

/** The handlers that every engine has: `core.set` and so on, and the workflow type `generic`. */
export const corePlugin: Plugin = definePlugin({
  name: 'core',
  description: 'Built into every engine.',
  handlers: {
    set,
    log,
    fail,
    sleep,
    switch: switchHandler,
    wait,
    approval,
    workflow,
    emit: emitSignal,
  },
  workflowTypes: [{ name: 'generic', description: 'Any workflow.', icon: 'workflow' }],
});
