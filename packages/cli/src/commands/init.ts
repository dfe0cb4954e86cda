import manifest from '../../package.json' with { type: 'json' };
import { type Command, exitCodes } from '../cli/command.ts';
import { writeFailure } from '../cli/write-failure.ts';
import { checkPluginName } from '../init/check-plugin-name.ts';
import { pluginFiles, pluginPackage } from '../init/plugin-starter.ts';
import { starterFiles } from '../init/starter.ts';
import { fs, path } from '../node.ts';

/** What a new folder holds, and what to do in it. */
interface Starter {
  folder: string;
  files: Record<string, string>;
  /** What is in the way. */
  conflicts: string[];
  next: [line: string, meaning: string][];
}

/** `vwmp init [DIR]`: all of the starter project or plugin, or nothing when something is in the way. */
export const command: Command = async ({ operands, text, terminal: { out, err, symbols } }) => {
  const plugin = text('plugin');
  const { folder, files, conflicts, next } =
    plugin === undefined ? projectStarter(operands[0]) : pluginStarter(plugin, operands[0]);
  if (conflicts.length > 0) {
    err.line(
      `${err.style.red(`${symbols.failed} vwmp:`)} Nothing was written, because these are there already:`,
    );
    for (const name of conflicts) err.line(`    ${name}`);
    err.line(err.style.dim(`  ${symbols.arrow} Name another folder, or move them away.`));
    return exitCodes.invalid;
  }
  writeAll(folder, files);

  const { style } = out;
  const shown = path.relative('.', folder) || '.';
  out.line(
    `${style.green(symbols.success)} ${style.bold(shown === '.' ? 'This folder is ready' : `${shown} is ready`)}`,
  );
  for (const name of Object.keys(files)) out.line(`    ${name}`);
  out.line(`\n${style.bold('Next')}`);
  const steps: [string, string][] = [
    ...(shown === '.' ? [] : [[`cd ${quote(shown)}`, ''] as [string, string]]),
    ['npm install', 'once'],
    ...next,
  ];
  const widest = Math.max(...steps.map(([line]) => line.length));
  for (const [line, meaning] of steps)
    out.line(`  ${style.cyan(line.padEnd(widest))}  ${style.dim(meaning)}`.trimEnd());
  return exitCodes.success;
};

function projectStarter(given = '.'): Starter {
  const folder = path.resolve(given);
  const files = starterFiles(packageName(path.basename(folder)), manifest.version);
  return {
    ...{ folder, files, conflicts: findConflicts(folder, Object.keys(files)) },
    next: [
      ['npx vwmp run workflows/hello.yaml', 'run it'],
      ['npx vwmp run workflows/hello.yaml --param name=Ana', 'with a parameter'],
      ['npx vwmp graph workflows/hello.yaml', 'look at it'],
    ],
  };
}

/** A plugin is published as a whole, so nothing else may lie in its folder. */
function pluginStarter(name: string, given = pluginPackage(name)): Starter {
  checkPluginName(name);
  const folder = path.resolve(given);
  const files = pluginFiles(name, manifest.version);
  const found =
    isThere(folder) && isFolder(folder) ? fs.readdirSync(folder).filter((entry) => entry !== '.git') : [];
  const most = 10;
  const conflicts = found.slice(0, most).map((entry) => path.relative('.', path.join(folder, entry)));
  if (found.length > most) conflicts.push(`… and ${found.length - most} more`);
  return {
    ...{ folder, files, conflicts: conflicts.length > 0 ? conflicts : findConflicts(folder, []) },
    next: [
      ['npm test', 'build and test it'],
      ['npm start', 'run a workflow with it'],
    ],
  };
}

/** Files that would be overwritten, and files that stand where a folder has to be. */
function findConflicts(folder: string, names: readonly string[]): string[] {
  const folders = new Set(names.map((name) => path.dirname(name)));
  const blocked = ['', ...folders]
    .map((name) => path.join(folder, name))
    .filter((each) => isThere(each) && !isFolder(each));
  const taken = names.map((name) => path.join(folder, name)).filter(isThere);
  return [...new Set([...blocked, ...taken])].map((each) => path.relative('.', each));
}

function isFolder(folder: string): boolean {
  return fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isThere(file: string): boolean {
  // A link into nowhere is there, too: writing through it would make a file somewhere else.
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // Below a file, which is in the way itself.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}

/** What was written goes again when something cannot be: it would be in the way of the next try. */
function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  const made: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    try {
      const first = fs.mkdirSync(path.dirname(file), { recursive: true });
      if (first !== undefined) made.push(first);
      const written = fs.openSync(file, 'wx');
      made.push(file);
      try {
        fs.writeFileSync(written, text);
      } finally {
        fs.closeSync(written);
      }
    } catch (error) {
      for (const each of made.reverse()) fs.rmSync(each, { recursive: true, force: true });
      throw writeFailure(file, error, 'init');
    }
  }
}

/** The name of the folder as npm allows it. */
function packageName(name: string): string {
  const allowed = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '');
  return allowed === '' ? 'workflows' : allowed.slice(0, 100);
}

function quote(name: string): string {
  return /^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
