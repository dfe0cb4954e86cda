import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { VwmpError, type Workspace } from '@vwmp/core';
import { systemCode } from '../shared/system-code.ts';
import { inheritedByDefault } from './defaults.ts';
import { createProcessTree, type ProcessTree } from './process-tree.ts';
import { label, type RunConfig } from './run-config.ts';
import { createWindowsTree } from './windows-tree.ts';

/** A command that runs, or that could not be started: then `child` emits `error`. */
export interface Started {
  readonly child: ChildProcess;
  readonly tree: ProcessTree;
}

/** Name of the entry in the environment that marks what belongs to one command. */
const markName = 'VWMP_COMMAND_ID';

const isWindows = process.platform === 'win32';

/** The folder to run in. @throws PATH_OUTSIDE, SHELL_CWD_INVALID */
export async function findFolder(workspace: Workspace, given = '.'): Promise<string> {
  const folder = await workspace.resolve(given);
  // The first step of an execution may be the first to use the workspace.
  if (folder === (await workspace.resolve('.'))) await mkdir(folder, { recursive: true });
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory() === true) return folder;
  throw new VwmpError(
    'SHELL_CWD_INVALID',
    `The command cannot run in ${JSON.stringify(given)}: there is no such folder.`,
    {
      retryable: false,
    },
  );
}

/**
 * Starts a command in a process group and session of its own, so that all of it can be ended together.
 *
 * @throws SHELL_ARGUMENT_INVALID, SHELL_UNSUPPORTED
 */
export function start(config: RunConfig, cwd: string): Started {
  const id = randomUUID();
  const { file, args } = commandLine(config);
  try {
    const child = spawn(file, args, {
      cwd,
      env: { ...environment(config), [markName]: id },
      detached: !isWindows,
      stdio: [config.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const { pid } = child;
    if (pid === undefined) return { child, tree: { hasGroup: () => false, end: async () => {} } };
    return { child, tree: isWindows ? createWindowsTree(pid) : createProcessTree(pid, `${markName}=${id}`) };
  } catch (error) {
    throw startError(error, config);
  }
}

/** Says why a command could not be started. */
export function startError(error: unknown, config: RunConfig): VwmpError {
  const name = label(config);
  const code = systemCode(error);
  if (code === 'ENOENT') {
    if (/\s/.test(config.command.trim()) && !config.args?.length) {
      const message = `${name} was not found: it is taken as the name of one program, spaces and all. Put arguments into "args", or set "shell: true".`;
      return new VwmpError('SHELL_NOT_FOUND', message, { retryable: false, cause: error });
    }
    const message = `${name} was not found. Give its path, or let the command inherit a PATH that has it.`;
    return new VwmpError('SHELL_NOT_FOUND', message, { retryable: false, cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'ENOEXEC') {
    const message = `${name} may not be executed, or is no program.`;
    return new VwmpError('SHELL_NOT_EXECUTABLE', message, { retryable: false, cause: error });
  }
  if (code.startsWith('ERR_') || code === 'E2BIG') {
    // The message of Node quotes the argument, which may be a secret.
    const message = `${name} cannot be started: an argument or variable has a NUL character, or all are too long.`;
    return new VwmpError('SHELL_ARGUMENT_INVALID', message, { retryable: false });
  }
  return new VwmpError('SHELL_START_FAILED', `${name} cannot be started (${code}).`, { cause: error });
}

function commandLine({ command, shell, args = [] }: RunConfig): { file: string; args: readonly string[] } {
  if (shell !== true) return { file: command, args };
  if (!isWindows) return { file: '/bin/sh', args: ['-c', command, 'sh', ...args] };
  throw new VwmpError('SHELL_UNSUPPORTED', 'Scripts are not supported on Windows: run a program instead.', {
    retryable: false,
  });
}

function environment({ env = {}, inherit = inheritedByDefault }: RunConfig): Record<string, string> {
  // Without SystemRoot hardly a program of Windows starts.
  const names = isWindows ? [...inherit, 'SystemRoot'] : inherit;
  const inherited = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), ...env };
}
