import { spawn } from 'node:child_process';
import { VwmpError } from '@vwmp/core';
import { environmentOf, git, resolveRevision } from './git.ts';
import { type FileContent, maxFileBytes, type Tree, toContent } from './tree.ts';

interface Entry {
  readonly oid: string;
  readonly size: number;
  readonly kind: 'file' | 'link';
}

/**
 * The files of a commit of a local clone. One process of git answers all reads; `close` ends it.
 *
 * @throws DOC_REVISION_INVALID, DOC_GIT_FAILED, DOC_GIT_MISSING
 */
export async function openRevision(folder: string, name: string, signal?: AbortSignal): Promise<Tree> {
  const commit = await resolveRevision(folder, name, signal);
  const { entries, modules } = parseTree(
    await git(folder, ['ls-tree', '-r', '-z', '-l', commit], { signal }),
  );
  const paths = [...entries.keys()].sort();
  const contents = new Map<string, Promise<FileContent>>();
  const batch = createBatch(folder);

  async function load(path: string): Promise<FileContent> {
    const entry = entries.get(path);
    if (!entry) return { skipped: 'missing' };
    if (entry.kind === 'link') return { skipped: 'unreadable' };
    if (entry.size > maxFileBytes) return { skipped: 'too_large' };
    return toContent(await batch.read(entry.oid));
  }

  return {
    paths: async () => paths,
    modules: async () => modules,
    read(path) {
      const content = contents.get(path) ?? load(path);
      contents.set(path, content);
      return content;
    },
    digest: async (path) => entries.get(path)?.oid,
    close() {
      batch.close();
      contents.clear();
    },
  };
}

function parseTree(text: string): { entries: Map<string, Entry>; modules: string[] } {
  const entries = new Map<string, Entry>();
  const modules: string[] = [];
  for (const line of text.split('\0')) {
    const [, mode, type, oid, size, path] = /^(\d+) (\w+) ([0-9a-f]+) +(\S+)\t(.+)$/s.exec(line) ?? [];
    if (type === 'commit' && path !== undefined) modules.push(path);
    if (type !== 'blob' || path === undefined) continue;
    entries.set(path, { oid: oid!, size: Number(size), kind: mode === '120000' ? 'link' : 'file' });
  }
  return { entries, modules };
}

interface Batch {
  read(oid: string): Promise<Buffer>;
  close(): void;
}

/** `git cat-file --batch`, started when something is read. */
function createBatch(folder: string): Batch {
  let child: ReturnType<typeof start> | undefined;
  let received: Buffer = Buffer.alloc(0);
  const waiting: PromiseWithResolvers<Buffer>[] = [];

  function start() {
    const started = spawn('git', ['cat-file', '--batch'], {
      cwd: folder,
      env: environmentOf(),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    started.stdout.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      while (waiting.length > 0 && take()) {}
    });
    started.on('error', fail);
    started.on('close', () => fail());
    started.stdin.on('error', () => {});
    return started;
  }

  function take(): boolean {
    const end = received.indexOf(10);
    if (end < 0) return false;
    const [, size] = /^[0-9a-f]+ blob (\d+)$/.exec(received.subarray(0, end).toString()) ?? [];
    if (size === undefined) {
      received = received.subarray(end + 1);
      waiting.shift()!.resolve(Buffer.alloc(0));
      return true;
    }
    const until = end + 1 + Number(size);
    if (received.length < until + 1) return false;
    waiting.shift()!.resolve(Buffer.from(received.subarray(end + 1, until)));
    received = received.subarray(until + 1);
    return true;
  }

  function fail(cause?: unknown): void {
    const error = new VwmpError('DOC_GIT_FAILED', `git cat-file ended early in ${folder}.`, { cause });
    for (const each of waiting.splice(0)) each.reject(error);
    child = undefined;
  }

  return {
    read(oid) {
      const pending = Promise.withResolvers<Buffer>();
      waiting.push(pending);
      child ??= start();
      child.stdin.write(`${oid}\n`);
      return pending.promise;
    },
    close: () => child?.kill(),
  };
}
