import type { CommandSpec } from '../command.ts';

export const bundleSpec: CommandSpec = {
  summary: 'Make one folder that runs with only Node present',
  operands: ['WORKFLOWS…'],
  complete: 'workflow',
  options: {
    out: { short: 'o', value: 'DIR', description: 'The folder to make (required)', complete: 'folder' },
    platform: {
      value: 'PLATFORM',
      description: 'Where it will run, if not here: linux-x64, linuxmusl-arm64, darwin-arm64, win32-x64, …',
    },
    config: {
      value: 'FILE',
      description: 'A config other than the one that holds where the workflows are',
      complete: 'file',
    },
    designer: { description: 'Take the designer along (about 2 MB)' },
    add: {
      value: 'PACKAGE',
      multiple: true,
      description: 'Take a package along that nothing names, such as @vwmp/db-postgres',
    },
    include: {
      value: 'PATH',
      multiple: true,
      description: 'Take files or a folder of the project along that its plugins read',
      complete: 'file',
    },
    json: { description: 'Print what was made as JSON' },
  },
  details: `Checks the workflows first, and reports all problems. Then it copies: this command, the packages of the storage and queue that the
settings ask for, the plugins of vwmp.config.mjs with all they need, and the workflows. Nothing is compiled or fetched. At last the
bundle checks its workflows itself, seeing nothing but itself. A bundle that is in the place is replaced as a whole; any other
folder is left alone.

Run it with "node DIR/main.mjs serve", or with any other command. Data, .env and paths belong to the folder in which it is run,
not to DIR; its workflows are those that "vwmp start" finds by id, unless VWMP_WORKFLOWS_DIR says otherwise.`,
  examples: [
    ['vwmp bundle workflows -o dist/app', 'all workflows of a folder'],
    ['node dist/app/main.mjs serve', 'the API, carrying them out'],
    ['vwmp bundle workflows -o app --platform linuxmusl-x64', 'for Alpine'],
  ],
};
