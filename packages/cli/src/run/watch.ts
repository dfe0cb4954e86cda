import type { ChildProcess } from 'node:child_process';
import type { FSWatcher } from 'node:fs';
import { findModules } from '../bundle/find-modules.ts';
import { exitCodes, type Invocation } from '../cli/command.ts';
import { UsageError } from '../cli/usage-error.ts';
import { fs, path } from '../node.ts';
import { findConfig } from '../project/config-file.ts';
import { endMessage } from './interrupt.ts';

/** Editors write a file in several steps; this is how long it has to be quiet, in milliseconds. */
const settling = 60;

/**
 * `vwmp run --watch`: runs the command without `--watch` in a process of its own, again whenever a file changes. A
 * process, because a module that was imported (config, plugins) can't be imported afresh.
 */
export async function watch({
  operands,
  text,
  texts,
  terminal: { err, symbols },
}: Invocation): Promise<number> {
  const [file = '-'] = operands;
  if (file === '-') throw new UsageError('--watch needs a file: stdin can be read only once.', 'run');
  const { fork } = process.getBuiltinModule('node:child_process');
  let child: ChildProcess | undefined;
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  // Which files there are changes with what they import.
  const list = (): string[] => watched(file, text('params-file'), texts('param'));
  let contents = '';
  const watchers = new Map<string, FSWatcher>();

  return new Promise((resolve) => {
    const run = (): void => {
      const files = list();
      contents = snapshot(files);
      watchFolders(files);
      child = fork(process.argv[1]!, ownArguments(), { stdio: 'inherit', execArgv: process.execArgv });
      child.once('exit', () => {
        child = undefined;
        if (stopping) return end();
        // A change that came meanwhile has asked it to end.
        if (changed()) return run();
        err.line(
          err.style.dim(`\n${symbols.dot} Waiting for changes of ${path.basename(file)}. Ctrl-C ends.`),
        );
      });
    };
    const changed = (): boolean => {
      const now = snapshot(list());
      const differs = now !== contents;
      contents = now;
      return differs;
    };
    const onChange = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (stopping) return;
        const files = list();
        // A folder may have come in which a file is missing yet.
        watchFolders(files);
        if (child) {
          if (snapshot(files) !== contents) child.send(endMessage, () => {});
        } else if (changed()) run();
      }, settling);
    };
    // Folders and not files: many editors write a new file and rename it, which a watched file would not see.
    const watchFolders = (files: readonly string[]): void => {
      for (const folder of new Set(files.map(nearestFolder)))
        if (!watchers.has(folder)) watchers.set(folder, fs.watch(folder, onChange));
    };
    const end = (): void => {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      resolve(exitCodes.interrupted);
    };
    // Ctrl-C reaches the process of the run, too; a signal that was sent to this one alone does not.
    const onSignal = (signal: NodeJS.Signals): void => {
      stopping = true;
      if (!child) return end();
      if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    run();
  });
}

function watched(file: string, paramsFile: string | undefined, params: readonly string[]): string[] {
  const config = findConfig(path.dirname(path.resolve(file)));
  const fromParams = params.map((pair) => /^[^=]+=@(?!@)(.+)$/s.exec(pair)?.[1]);
  return [file, paramsFile, ...fromParams, ...(config === undefined ? [] : codeOf(config))]
    .filter((each) => each !== undefined)
    .map((each) => path.resolve(each));
}

/** The config and what it is made of: handlers that are written beside it. */
function codeOf(config: string): string[] {
  try {
    const named = fs.readFileSync(config, 'utf8').matchAll(/(['"`])(\.{1,2}\/[^'"`\n$]+)\1/g);
    const specs = [...named].map(([, , spec]) => spec!);
    const { files, missing } = findModules(config, specs);
    return [...files, ...missing];
  } catch {
    // It is being written.
    return [config];
  }
}

/** Where a file lies; the folder in which its own would be made while that is missing. */
function nearestFolder(file: string): string {
  const folder = path.dirname(file);
  return folder === file || fs.existsSync(folder) ? folder : nearestFolder(folder);
}

/** What tells a change of the files from a mere touch. */
function snapshot(files: readonly string[]): string {
  return JSON.stringify(
    files.map((file) => {
      try {
        return fs.readFileSync(file, 'utf8');
      } catch {
        return null;
      }
    }),
  );
}

function ownArguments(): string[] {
  const args = process.argv.slice(2);
  const options = args.includes('--') ? args.indexOf('--') : args.length;
  return args.filter((arg, at) => at >= options || (arg !== '--watch' && arg !== '-w'));
}
