import { safe } from '../terminal/safe.ts';
import { type Command, type CommandGroup, type FoundCommand, isGroup } from './command.ts';
import { didYouMean } from './nearest.ts';
import { platformSpecs } from './platform-specs.ts';
import { UsageError } from './usage-error.ts';

const commands: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  serve: () => import('../commands/serve.ts'),
  start: () => import('../commands/start.ts'),
  worker: () => import('../commands/worker.ts'),
  'executions list': () => import('../commands/executions/list.ts'),
  'executions show': () => import('../commands/executions/show.ts'),
  'executions logs': () => import('../commands/executions/logs.ts'),
  'executions cancel': () => import('../commands/executions/cancel.ts'),
  'executions retry': () => import('../commands/executions/retry.ts'),
  'executions signal': () => import('../commands/executions/signal.ts'),
  'executions approve': () => import('../commands/executions/approve.ts'),
  'workflows list': () => import('../commands/workflows/list.ts'),
  'workflows show': () => import('../commands/workflows/show.ts'),
  'workflows save': () => import('../commands/workflows/save.ts'),
  'workflows remove': () => import('../commands/workflows/remove.ts'),
  'schedule list': () => import('../commands/schedule/list.ts'),
  'schedule explain': () => import('../commands/schedule/explain.ts'),
  'schedule pause': () => import('../commands/schedule/pause.ts'),
  'schedule resume': () => import('../commands/schedule/resume.ts'),
  'queues list': () => import('../commands/queues/list.ts'),
  'queues pause': () => import('../commands/queues/pause.ts'),
  'queues resume': () => import('../commands/queues/resume.ts'),
  'queues dead': () => import('../commands/queues/dead.ts'),
  'queues discard': () => import('../commands/queues/discard.ts'),
  'queues retry': () => import('../commands/queues/retry.ts'),
  'keys create': () => import('../commands/keys/create.ts'),
  'keys list': () => import('../commands/keys/list.ts'),
  'keys revoke': () => import('../commands/keys/revoke.ts'),
  'secrets set': () => import('../commands/secrets/set.ts'),
  'secrets list': () => import('../commands/secrets/list.ts'),
  'secrets remove': () => import('../commands/secrets/remove.ts'),
  'db migrate': () => import('../commands/db/migrate.ts'),
  'db status': () => import('../commands/db/status.ts'),
  'db copy': () => import('../commands/db/copy.ts'),
  'db backup': () => import('../commands/db/backup.ts'),
  'db prune': () => import('../commands/db/prune.ts'),
  'db check': () => import('../commands/db/check.ts'),
  bundle: () => import('../commands/bundle.ts'),
  doctor: () => import('../commands/doctor.ts'),
};

/** @returns undefined when there is none of this name @throws UsageError for a group whose command is missing or unknown */
export function findPlatformCommand(first: string, args: readonly string[]): FoundCommand | undefined {
  const entry = Object.hasOwn(platformSpecs, first) ? platformSpecs[first] : undefined;
  if (!entry) return undefined;
  if (!isGroup(entry)) return { name: first, spec: entry, load: commands[first]!, args };
  const [second, ...rest] = args;
  if (second === '--help' || second === '-h') return { name: first, load: commands[first]!, args };
  const spec =
    second !== undefined && Object.hasOwn(entry.commands, second) ? entry.commands[second] : undefined;
  if (second === undefined || !spec) throw unknownSubcommand(first, second, entry);
  const name = `${first} ${second}`;
  return { name, spec, load: commands[name]!, args: rest };
}

/** What a group cannot do. */
export function unknownSubcommand(group: string, name: string | undefined, entry: CommandGroup): UsageError {
  const names = Object.keys(entry.commands);
  const list = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  if (name === undefined || name.startsWith('-'))
    return new UsageError(`"vwmp ${group}" needs one of its commands: ${list}.`, group);
  const hint = didYouMean(name, names) || ` Say ${list}.`;
  return new UsageError(`"vwmp ${group}" has no command "${safe(name)}".${hint}`, group);
}
