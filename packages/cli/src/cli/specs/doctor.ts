import type { CommandSpec } from '../command.ts';

export const doctorSpec: CommandSpec = {
  summary: 'Look whether everything is set up, reachable and well, and say what to do',
  operands: [],
  options: {
    json: { description: 'Print JSON on stdout and nothing else' },
  },
  details: `Shows the settings that are in effect (no passwords), the packages that are installed, how fast database and queue answer,
whether the key opens what is encrypted, and whatever is slow or odd. It makes nothing that is missing and changes nothing that is
stored, though opening an SQLite database may move its own log into it. Ends with 1 when something is broken.`,
  examples: [['vwmp doctor', 'look at this folder']],
};
