import type { Command } from '../../cli/command.ts';
import { setPaused } from '../../queues/set-paused.ts';

/** `vwmp queues pause NAME`. */
export const command: Command = setPaused('pause');
