import { fileURLToPath } from 'node:url';
import { runForJson } from './child.ts';
import type { Installation } from './package.ts';

/**
 * Runs a program of src/programs as a process of its own, so that no scenario finds a heap or compiled code that
 * another has left behind.
 *
 * @param file - from `import.meta.resolve`
 * @param flags - for Node
 */
export function runProgram<Report>(
  core: Pick<Installation, 'folder' | 'url'>,
  file: string,
  options: object,
  flags: readonly string[] = [],
): Promise<Report & { milliseconds: number }> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    ...flags,
    fileURLToPath(file),
    core.url,
    JSON.stringify(options),
  ];
  return runForJson<Report>(args, { cwd: core.folder });
}
