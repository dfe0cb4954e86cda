import { UsageError } from '../cli/usage-error.ts';
import { fs, path } from '../node.ts';

const yaml = /\.ya?ml$/;
const json = /\.json$/;

/** What there is in a folder. */
export interface FoundFiles {
  /** Workflows, and YAML that is broken: it may be one. */
  workflows: string[];
  /** YAML that is something else, with the reason. */
  skipped: { file: string; reason: string }[];
}

/**
 * The workflows in a folder and those below it: every YAML and JSON file that looks like one. Hidden folders and
 * node_modules are passed by, and JSON that is something else, of which there is much in any project.
 *
 * @returns undefined when it is no folder
 */
export async function findWorkflowFiles(operand: string): Promise<FoundFiles | undefined> {
  if (!fs.existsSync(operand) || !fs.statSync(operand).isDirectory()) return undefined;
  const found: FoundFiles = { workflows: [], skipped: [] };
  const open = [operand];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of entriesOf(folder)) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
        open.push(file);
      if (!entry.isFile() || !(yaml.test(file) || json.test(file))) continue;
      const reason = await whyNot(file);
      if (reason === undefined) found.workflows.push(file);
      else if (yaml.test(file)) found.skipped.push({ file, reason });
    }
  }
  found.workflows.sort();
  found.skipped.sort((a, b) => (a.file < b.file ? -1 : 1));
  return found;
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

/** Why a file is no workflow. @returns undefined when it is one, or when only reading it as one can tell */
async function whyNot(file: string): Promise<string | undefined> {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  if (/^["']?steps["']?\s*:/m.test(text)) return undefined;
  if (json.test(file)) return looksLikeJsonWorkflow(text) ? undefined : 'it has no steps';
  const { isMap, parseAllDocuments } = await import('./yaml.ts');
  const documents = [parseAllDocuments(text)].flat();
  if (documents.some(({ errors }) => errors.length > 0)) return undefined;
  if (documents.length > 1) return 'it holds several documents';
  const contents = documents[0]?.contents;
  if (!contents) return 'it is empty';
  if (!isMap(contents)) return 'it is no mapping';
  return contents.has('steps') || contents.has('workflow') ? undefined : 'it has no steps';
}

/** One with a mistake in it is told apart from other JSON by what is written in it. */
function looksLikeJsonWorkflow(text: string): boolean {
  try {
    const value = JSON.parse(text) as { steps?: unknown; workflow?: { steps?: unknown } } | null;
    return Array.isArray(value?.steps) || Array.isArray(value?.workflow?.steps);
  } catch {
    return /"steps"\s*:\s*\[/.test(text) && /"handler"\s*:/.test(text);
  }
}
