import manifest from '../package.json' with { type: 'json' };
import type { Command } from './cli/command.ts';
import { explainCommand, overview } from './cli/help.ts';
import { parseCommandLine } from './cli/parse.ts';
import { commandSpecs } from './cli/specs.ts';
import { UsageError } from './cli/usage-error.ts';
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
};

const args = process.argv.slice(2);
const json = args.includes('--json');
// A workflow goes on when the reader of its lines has left: a closed pager must not stop a deployment half way.
const terminal = createTerminal(args, () => {
  if (args[0] !== 'run') process.exit(0);
});

let code: number;
try {
  code = await dispatch(args, terminal);
} catch (error) {
  const { reportError } = await import('./cli/report-error.ts');
  code = await reportError(error, terminal, json);
}
await Promise.all([terminal.out.flush(), terminal.err.flush()]);
// A handler that was given up may still hold the process.
process.exit(code);

async function dispatch(
  [first, ...rest]: readonly string[],
  { out, err, symbols }: Terminal,
): Promise<number> {
  if (first === '--version' || first === '-v') {
    out.line(manifest.version);
    return 0;
  }
  if (first === undefined || first === '--help' || first === '-h') {
    out.line(overview(out.style));
    return 0;
  }
  if (first === 'help') return help(rest, out);
  const spec = Object.hasOwn(commandSpecs, first) ? commandSpecs[first] : undefined;
  if (!spec) throw await unknownCommand(first);
  if (rest.includes('--help') || rest.includes('-h')) return help([first], out);
  const invocation = await parseCommandLine(first, spec, rest);
  const { command } = await commands[first]!();
  return command({ ...invocation, terminal: { out, err, symbols } });
}

async function help(args: readonly string[], out: Terminal['out']): Promise<number> {
  const { operands } = await parseCommandLine('help', commandSpecs.help!, args);
  const [name] = operands;
  const spec = name !== undefined && Object.hasOwn(commandSpecs, name) ? commandSpecs[name] : undefined;
  if (name !== undefined && !spec) throw await unknownCommand(name);
  out.line(spec && name !== undefined ? explainCommand(name, spec, out.style) : overview(out.style));
  return 0;
}

async function unknownCommand(name: string): Promise<UsageError> {
  const { didYouMean } = await import('./cli/nearest.ts');
  const kind = name.startsWith('-') ? 'option' : 'command';
  const known = kind === 'option' ? ['--help', '--version'] : Object.keys(commandSpecs);
  return new UsageError(`There is no ${kind} "${safe(name)}".${didYouMean(name, known)}`);
}
