import type { Command } from '../../cli/command.ts';
import { setPaused } from '../../schedules/set-paused.ts';

/** `vwmp schedule pause ID`. */
export const command: Command = setPaused('pause');
