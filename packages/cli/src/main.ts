import manifest from '../package.json' with { type: 'json' };
import { type Command, exitCodes, type FoundCommand } from './cli/command.ts';
import { parseCommandLine } from './cli/parse.ts';
import { commandSpecs } from './cli/specs.ts';
import { UsageError } from './cli/usage-error.ts';
import { spareMemory } from './platform/spare-memory.ts';
import { safe } from './terminal/safe.ts';
import { createTerminal, type Terminal } from './terminal/terminal.ts';

// Each command is a chunk of its own, so that none pays for the others when it starts.
const commands: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  init: () => import('./commands/init.ts'),
  run: () => import('./commands/run.ts'),
  validate: () => import('./commands/validate.ts'),
  graph: () => import('./commands/graph.ts'),
  handlers: () => import('./commands/handlers.ts'),
  types: () => import('./commands/types.ts'),
  completion: () => import('./commands/completion.ts'),
  help: () => import('./commands/help.ts'),
};
/**
 * What ends when the reader of its lines has left: it only reads, and maybe without end. All others go on, as nothing may
 * stop half way, and their exit code tells how it went.
 */
const endsUnread = ['executions list', 'executions logs'];

const args = process.argv.slice(2);
// What these print is their log, and whoever reads a log reads lines.
const logs = args[0] === 'serve' || args[0] === 'worker';
if (logs) spareMemory();
const json = args.includes('--json') && !logs;
/** The command that was found, whose help is worth reading when something is wrong with how it was called. */
let found: FoundCommand | undefined;
const terminal = createTerminal(args, () => {
  if (found && endsUnread.includes(found.name)) process.exit(exitCodes.unread);
});
// What a command waits for keeps the process alive, except what never comes.
process.once('beforeExit', () => void endUnfinished());
let code: number;
try {
  code = await dispatch(args, terminal);
} catch (error) {
  const { reportError } = await import('./cli/report-error.ts');
  code = await reportError(error, terminal, json, found?.name);
}
await Promise.all([terminal.out.flush(), terminal.err.flush()]);
if (terminal.out.isCut && code === exitCodes.success && !logs) code = exitCodes.failed;
// A handler that was given up may still hold the process.
process.exit(code);

async function dispatch([first, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  if (first === '--version' || first === '-v') {
    terminal.out.line(manifest.version);
    return 0;
  }
  if (first === undefined || first === '--help' || first === '-h') return help([], terminal);
  found = findLocal(first, rest) ?? (await findPlatform(first, rest));
  if (!found) throw await unknownCommand(first);
  const { name, spec, load } = found;
  if (spec === undefined || rest.includes('--help') || rest.includes('-h'))
    return help(name.split(' '), terminal);
  const invocation = await parseCommandLine(name, spec, found.args);
  const { command } = await load();
  return command({ ...invocation, terminal });
}

function findLocal(name: string, args: readonly string[]): FoundCommand | undefined {
  if (!Object.hasOwn(commandSpecs, name)) return undefined;
  return { name, spec: commandSpecs[name]!, load: commands[name]!, args };
}

async function findPlatform(name: string, args: readonly string[]): Promise<FoundCommand | undefined> {
  const { findPlatformCommand } = await import('./cli/platform-commands.ts');
  return findPlatformCommand(name, args);
}

async function endUnfinished(): Promise<void> {
  const { reportError } = await import('./cli/report-error.ts');
  const message =
    'It ended before it was done: what it waited for never comes. Look for an "await" that never ends in the config or a plugin.';
  await reportError(Object.assign(new Error(message), { code: 'UNFINISHED' }), terminal, json, found?.name);
  process.exit(exitCodes.failed);
}

async function help(operands: readonly string[], terminal: Terminal): Promise<number> {
  const { command } = await import('./commands/help.ts');
  return command({ operands, flag: () => false, text: () => undefined, texts: () => [], terminal });
}

async function unknownCommand(name: string): Promise<UsageError> {
  const { didYouMean } = await import('./cli/nearest.ts');
  const { allSpecs } = await import('./cli/all-specs.ts');
  const kind = name.startsWith('-') ? 'option' : 'command';
  const known = kind === 'option' ? ['--help', '--version'] : Object.keys(allSpecs);
  return new UsageError(`There is no ${kind} "${safe(name)}".${didYouMean(name, known)}`);
}
