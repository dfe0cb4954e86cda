import type { Command } from '../../cli/command.ts';
import { setPaused } from '../../schedules/set-paused.ts';

/** `vwmp schedule resume ID`. */
export const command: Command = setPaused('resume');
