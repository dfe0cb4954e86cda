import type { Command } from '../../cli/command.ts';
import { changeDead } from '../../queues/change-dead.ts';

/** `vwmp queues retry NAME TASKS…`. */
export const command: Command = changeDead('retry', 'has its attempts back');
