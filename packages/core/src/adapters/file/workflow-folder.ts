import type { WorkflowRecord } from '../../ports/workflow-store.ts';
import { compareText } from '../memory/page.ts';
import { type Identity, identify } from './identity.ts';
import { node } from './node.ts';
import { isSystemError } from './unavailable.ts';
import { findDocuments } from './workflow-files.ts';

/** A document and where it stands. */
export interface FoundWorkflow {
  record: WorkflowRecord;
  /** Relative to the folder. */
  path: string;
}

/** What is remembered of a file, to spare parsing it again. */
interface Known {
  size: number;
  changed: number;
  inode: number;
  /** When it was read, in milliseconds since 1970. */
  read: number;
  rev: string;
  identity: Identity;
}

/** The documents of a folder, as they are on disk now. */
export interface WorkflowFolder {
  /** All of them, ordered by id, each id once. Texts are read by {@link WorkflowFolder.load}. */
  scan(): Promise<{ id: string; type: string; path: string }[]>;
  find(id: string): Promise<FoundWorkflow | undefined>;
  /** @returns undefined when the file is gone */
  load(path: string): Promise<FoundWorkflow | undefined>;
  /** Forgets everything. */
  clear(): void;
}

/** File systems keep times at up to two seconds: a file changed twice in that time can look the same. */
const timeGranularity = 2000;

/** In bytes. */
const longest = 16 * 1024 * 1024;

/** Makes the view of one folder. Only what was read from the documents stays in memory, never their text. */
export function createWorkflowFolder(root: string): WorkflowFolder {
  const known = new Map<string, Known>();
  /** Where each id was found last. */
  const places = new Map<string, string>();
  /** Files whose id another file has already, and which one. */
  const doubles = new Map<string, string>();

  const read = async (
    path: string,
    needText: boolean,
  ): Promise<{ known: Known; text?: string } | undefined> => {
    const file = node.path.join(root, path);
    try {
      const { size, ctimeMs: changed, ino: inode } = await node.fs.stat(file);
      // No document is as large, and Node cannot read what has gigabytes: one such file would hide all the others.
      if (size > longest) return undefined;
      const before = known.get(path);
      const same = before?.size === size && before.changed === changed && before.inode === inode;
      const certain = same && before.read - changed > timeGranularity;
      if (certain && !needText) return { known: before };
      const bytes = await node.fs.readFile(file);
      const rev = node.crypto.createHash('sha256').update(bytes).digest('hex').slice(0, 32);
      const text = bytes.toString('utf8');
      const identity = before?.rev === rev ? before.identity : await identify(text, path);
      const entry: Known = { size, changed, inode, read: Date.now(), rev, identity };
      known.set(path, entry);
      return { known: entry, text };
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
      known.delete(path);
      return undefined;
    }
  };

  const load = async (path: string): Promise<FoundWorkflow | undefined> => {
    const found = await read(path, true);
    if (!found) return undefined;
    const { identity, rev } = found.known;
    const { mtime } = await node.fs.stat(node.path.join(root, path));
    const { problems, ...rest } = identity;
    const record: WorkflowRecord = { ...rest, text: found.text!, rev, updated_at: mtime.toISOString() };
    if (problems) record.problems = structuredClone(problems);
    const other = doubles.get(path);
    if (other !== undefined) {
      const message = `The id "${identity.id}" belongs to ${other} already. Give one of the two another.`;
      record.problems = [...(record.problems ?? []), { code: 'VALUE', path: 'id', message }];
      record.id = doubleId(path);
    }
    return { record, path };
  };

  const scan: WorkflowFolder['scan'] = async () => {
    const listed: { id: string; type: string; path: string }[] = [];
    const taken = new Map<string, string>();
    const paths = await findDocuments(root);
    doubles.clear();
    for (const path of paths) {
      const found = await read(path, false);
      if (!found) continue;
      const { id, type } = found.known.identity;
      const other = taken.get(id);
      if (other !== undefined) doubles.set(path, other);
      const unique = other === undefined ? id : doubleId(path);
      taken.set(unique, path);
      listed.push({ id: unique, type, path });
    }
    places.clear();
    for (const { id, path } of listed) places.set(id, path);
    for (const path of known.keys()) if (!paths.includes(path)) known.delete(path);
    return listed.sort((a, b) => compareText(a.id, b.id));
  };

  return {
    scan,
    load,
    async find(id) {
      const place = places.get(id);
      const found = place === undefined ? undefined : await load(place);
      if (found?.record.id === id) return found;
      await scan();
      const path = places.get(id);
      return path === undefined ? undefined : await load(path);
    },
    clear() {
      known.clear();
      places.clear();
      doubles.clear();
    },
  };
}

/** By this a file can be read whose id another one has. No document can have such an id itself. */
function doubleId(path: string): string {
  return `./${path}`;
}
