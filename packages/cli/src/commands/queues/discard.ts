import type { Command } from '../../cli/command.ts';
import { changeDead } from '../../queues/change-dead.ts';

/** `vwmp queues discard NAME TASKS…`. */
export const command: Command = changeDead('discard', 'is gone');
