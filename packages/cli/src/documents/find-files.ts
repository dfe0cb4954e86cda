import { fs, path } from '../node.ts';

const yaml = /\.ya?ml$/;
const json = /\.json$/;

/** What there is in a folder. */
export interface FoundFiles {
  /** Workflows, and YAML that is broken: it may be one. */
  workflows: string[];
  /** YAML that is something else, with the reason. */
  skipped: { file: string; reason: string }[];
  /** Folders that could not be looked into, with what to say of each. */
  unreadable: { folder: string; message: string }[];
}

/**
 * The workflows in a folder and those below it: every YAML and JSON file that looks like one, each once. Hidden folders,
 * node_modules and linked folders are passed by, links that lead out of the folder, and JSON that is something else, of which there
 * is much in any project.
 *
 * @returns undefined when it is no folder
 */
export async function findWorkflowFiles(operand: string): Promise<FoundFiles | undefined> {
  if (!fs.existsSync(operand) || !fs.statSync(operand).isDirectory()) return undefined;
  const found: FoundFiles = { workflows: [], skipped: [], unreadable: [] };
  const root = fs.realpathSync(operand);
  const files: string[] = [];
  const links: string[] = [];
  const open = [operand];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of entriesOf(folder, found)) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
        open.push(file);
      if (!(yaml.test(file) || json.test(file))) continue;
      if (entry.isFile()) files.push(file);
      else if (entry.isSymbolicLink()) links.push(file);
    }
  }
  if (links.length > 0) {
    const known = new Set(files.map((file) => targetOf(file) ?? file));
    files.push(...followed(links.sort(), known, root, found));
  }
  for (const file of files) {
    const reason = await whyNot(file);
    if (reason === undefined) found.workflows.push(file);
    else if (yaml.test(file)) found.skipped.push({ file, reason });
  }
  found.workflows.sort();
  found.skipped.sort((a, b) => (a.file < b.file ? -1 : 1));
  return found;
}

/**
 * The links that lead to files of the folder: Kubernetes mounts files as links to a hidden folder beside them.
 *
 * @param known - the files that are found already
 */
function followed(
  links: readonly string[],
  known: Set<string>,
  root: string,
  { skipped }: FoundFiles,
): string[] {
  return links.filter((file) => {
    const target = targetOf(file);
    if (target === undefined || !target.startsWith(root + path.sep)) {
      const reason =
        target === undefined ? 'it is a link to no file' : 'it is a link that leads out of the folder';
      if (yaml.test(file)) skipped.push({ file, reason });
      return false;
    }
    if (known.has(target)) return false;
    known.add(target);
    return true;
  });
}

/** @returns undefined where a path leads to no file, as a link to itself does */
function targetOf(file: string): string | undefined {
  try {
    const target = fs.realpathSync(file);
    return fs.statSync(target).isFile() ? target : undefined;
  } catch {
    return undefined;
  }
}

function entriesOf(folder: string, { unreadable }: FoundFiles): import('node:fs').Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    unreadable.push({ folder, message: `The folder "${folder}" can't be read: ${(error as Error).message}` });
    return [];
  }
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
