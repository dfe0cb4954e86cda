/** Why a file is not read. */
export type SkipReason = 'missing' | 'binary' | 'too_large' | 'outside' | 'unreadable';

/** The text of a file, or why there is none. */
export type FileContent = { readonly text: string } | { readonly skipped: SkipReason };

/** The files of a repository in one state: a folder, a revision, or what GitHub has. Nothing in it can be changed. */
export interface Tree {
  /** Relative to the root, with `/`, sorted. */
  paths(): Promise<readonly string[]>;
  /** Where other repositories are: what is in them is not known. */
  modules?(): Promise<readonly string[]>;
  /** Reads a file; the same text however often it is asked for. Never fails because of what the file is. */
  read(path: string): Promise<FileContent>;
  /** Something that is equal for files of equal content, if that is known without reading them. */
  digest?(path: string): Promise<string | undefined>;
  close(): void;
}

/** No longer file is read, in bytes. Documentation and sources are shorter; what is longer is data. */
export const maxFileBytes: number = 1024 * 1024;

/** Makes text of bytes, if they are text of a sensible size. */
export function toContent(bytes: Uint8Array): FileContent {
  if (bytes.byteLength > maxFileBytes) return { skipped: 'too_large' };
  if (bytes.subarray(0, 8192).includes(0)) return { skipped: 'binary' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { skipped: 'binary' };
  }
}

/** The text, if there is any. */
export async function readText(tree: Tree, path: string): Promise<string | undefined> {
  const content = await tree.read(path);
  return 'text' in content ? content.text : undefined;
}

const atATime = 16;

/** The texts of files, in the order given, several read at a time; empty where there is none. */
export async function readTexts(tree: Tree, paths: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for (let at = 0; at < paths.length; at += atATime) {
    const some = paths.slice(at, at + atATime).map((path) => readText(tree, path));
    texts.push(...(await Promise.all(some)).map((text) => text ?? ''));
  }
  return texts;
}

/** A tree in memory: for tests, and for what GitHub or a program hands over. */
export function createMemoryTree(files: Readonly<Record<string, string>>): Tree {
  const map = new Map(Object.entries(files));
  const paths = [...map.keys()].sort();
  return {
    paths: async () => paths,
    read: async (path) => {
      const text = map.get(path);
      return text === undefined ? { skipped: 'missing' } : toContent(new TextEncoder().encode(text));
    },
    close: () => {},
  };
}
