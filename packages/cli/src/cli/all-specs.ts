import type { CommandEntry } from './command.ts';
import { platformSpecs } from './platform-specs.ts';
import { commandSpecs } from './specs.ts';

const { completion, help, ...local } = commandSpecs;

/** Everything that can stand behind `vwmp`, in the order in which help lists it. */
export const allSpecs: Readonly<Record<string, CommandEntry>> = {
  ...local,
  ...platformSpecs,
  completion: completion!,
  help: help!,
};
