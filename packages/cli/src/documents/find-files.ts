import { UsageError } from '../cli/usage-error.ts';
import { fs, path } from '../node.ts';

const yaml = /\.ya?ml$/;
const json = /\.json$/;

/**
 * The workflows that an argument means: a file as it is, whatever it is called; in a folder and those below it every YAML and JSON
 * file that looks like one. Hidden folders and node_modules are passed by.
 *
 * @throws UsageError when there is nothing of that name
 */
export function findWorkflowFiles(operand: string): string[] {
  // A missing file is told by whoever reads it, together with what was meant.
  if (!fs.existsSync(operand) || !fs.statSync(operand).isDirectory()) return [operand];
  const found: string[] = [];
  const open = [operand];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of entriesOf(folder)) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
        open.push(file);
      if (entry.isFile() && looksLikeWorkflow(file)) found.push(file);
    }
  }
  return found.sort();
}

function entriesOf(folder: string): ReturnType<typeof readFolder> {
  try {
    return readFolder(folder);
  } catch (error) {
    throw new UsageError(`The folder "${folder}" can't be read: ${(error as Error).message}`, 'validate');
  }
}

function readFolder(folder: string): import('node:fs').Dirent[] {
  return fs.readdirSync(folder, { withFileTypes: true });
}

/** Has steps at its top, or below the wrapper of older documents. Read as text: a broken document shall be found, too. */
function looksLikeWorkflow(file: string): boolean {
  if (!yaml.test(file) && !json.test(file)) return false;
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    return false;
  }
  if (
    /^["']?steps["']?\s*:/m.test(text) ||
    /^["']?workflow["']?\s*:[^\S\n]*(#.*)?$[\s\S]*^\s+steps\s*:/m.test(text)
  )
    return true;
  if (!text.trimStart().startsWith('{')) return false;
  try {
    const value = JSON.parse(text) as { steps?: unknown; workflow?: { steps?: unknown } };
    return Array.isArray(value.steps) || Array.isArray(value.workflow?.steps);
  } catch {
    // A JSON file with a mistake in it: told apart from other JSON by what is written in it.
    return /"steps"\s*:\s*\[/.test(text) && /"handler"\s*:/.test(text);
  }
}
