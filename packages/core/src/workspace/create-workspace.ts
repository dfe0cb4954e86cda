import type { Workspace } from '../plugin/handler.ts';
import { pathOutside } from './path-outside.ts';
import { realTarget } from './real-target.ts';

/**
 * A folder whose paths cannot leave it, neither by `..` nor through a symlink.
 *
 * What `resolve` returns has no symlink in it at the time of the check, so a handler that opens it follows
 * none. What remains is the time between check and use: whoever can already write in the folder (another
 * step, a process started by one) may put a symlink in place of a part of the path within it. Node has no
 * `openat`, so this can be narrowed and not closed: the file handlers open the last part with
 * O_NOFOLLOW, and check again after they made folders. Where steps must be kept from each
 * other, give each execution a root of its own; against code that runs here, only the rights of the process help.
 *
 * @param root - path of the folder; relative to the working directory, made by whoever writes into it first
 */
export function createWorkspace(root: string): Workspace {
  // Both modules are in every Node process already; an import would load the whole of node:fs (2.3 MB) at start.
  const path = globalThis.process?.getBuiltinModule?.('node:path');
  if (!path) return noWorkspace(root);
  const absoluteRoot = path.resolve(root);

  return Object.freeze({
    root: absoluteRoot,

    async resolve(given: string): Promise<string> {
      checkText(given);
      const wanted = path.resolve(absoluteRoot, given);
      // A root may be a symlink itself (/tmp on macOS); what it stands for is looked up each time, since it may not exist yet.
      const realRoot = await realTarget(absoluteRoot, given);
      // Checked before the disk is asked, so that nothing can be learnt about what lies outside.
      if (!isInside(absoluteRoot, wanted, path.sep) && !isInside(realRoot, wanted, path.sep))
        throw pathOutside(given);
      const real = await realTarget(wanted, given);
      if (!isInside(realRoot, real, path.sep)) throw pathOutside(given, 'It passes through a symlink.');
      return real;
    },
  });
}

/** In a browser there are no files: only a step that asks for one is told so. */
function noWorkspace(root: string): Workspace {
  return Object.freeze({
    root,
    resolve: (given: string) =>
      Promise.reject(pathOutside(given, 'There are no files here: this is not Node.')),
  });
}

/** Refuses what one platform takes for a name and another for a way out, so that a document means the same everywhere. */
function checkText(given: string): void {
  if (given.includes('\0')) throw pathOutside(given, 'It has a NUL character.');
  if (/^(?:\\\\|\/\/[?.]\/)/.test(given)) throw pathOutside(given, 'It names a network share or a device.');
  if (process.platform === 'win32') return;
  if (/^[A-Za-z]:[\\/]/.test(given)) throw pathOutside(given, 'It names a drive.');
  if (given.includes('\\') && given.split(/[\\/]/).includes('..')) {
    throw pathOutside(given, 'Separate folders with "/".');
  }
}

function isInside(root: string, path: string, separator: string): boolean {
  if (path === root) return true;
  return path.startsWith(root.endsWith(separator) ? root : root + separator);
}
