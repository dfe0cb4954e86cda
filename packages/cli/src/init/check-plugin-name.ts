import { UsageError } from '../cli/usage-error.ts';

/** The plugins of VWMP itself. */
const taken = [
  ...['core', 'http', 'file', 'shell', 'git', 'release', 'script', 'data'],
  ...['wasm', 'doc_healing'],
];

/** @throws UsageError for a name that a plugin cannot have, or that would be mixed up with another one */
export function checkPluginName(name: string): void {
  const shown = JSON.stringify(name.slice(0, 100));
  if (!/^[a-z][a-z0-9_-]{0,49}$/.test(name))
    throw new UsageError(
      `${shown} is no name for a plugin. It begins the names of its handlers (NAME.greet), so it has to be of small letters, digits, "-" and "_", begin with a letter, and have at most 50 of them.`,
      'init',
    );
  if (taken.includes(name))
    throw new UsageError(`VWMP itself has a plugin ${shown}. Choose another name.`, 'init');
}
