import type { Command } from '../../cli/command.ts';
import { UsageError } from '../../cli/usage-error.ts';

export const command: Command = async () => {
  throw new UsageError('Not there yet.');
};
