import { VwmpError } from '@vwmp/core';
import { type FileContent, maxFileBytes, type Tree, toContent } from '../tree/tree.ts';
import type { GitHub } from './client.ts';

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly sha: string;
  readonly size: number;
}

const revision = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,254}$/;

/**
 * The files of a commit on GitHub. Their names come with one request, each file with one when it is read.
 *
 * @param blobs - what was read before, to be shared by the trees of one repository
 * @throws DOC_REVISION_INVALID, DOC_LIMIT, DOC_GITHUB_REFUSED
 */
export async function openGitHubTree(
  github: GitHub,
  name: string,
  blobs: Map<string, Promise<FileContent>> = new Map(),
): Promise<Tree> {
  if (!revision.test(name) || name.includes('..')) {
    const message = `"${name.slice(0, 80)}" is no name of a revision of ${github.repository}.`;
    throw new VwmpError('DOC_REVISION_INVALID', message, { retryable: false });
  }
  const { files, modules } = await listFiles(github, name);
  const entries = new Map(files.map((entry) => [entry.path, entry]));
  const paths = [...entries.keys()].sort();
  async function load(sha: string): Promise<FileContent> {
    const blob = (await github.get(`/git/blobs/${sha}`)) as { content?: string };
    return toContent(Buffer.from(blob.content ?? '', 'base64'));
  }

  return {
    paths: async () => paths,
    modules: async () => modules,
    async read(path) {
      const entry = entries.get(path);
      if (!entry) return { skipped: 'missing' };
      if (entry.mode === '120000') return { skipped: 'unreadable' };
      if (entry.size > maxFileBytes) return { skipped: 'too_large' };
      const content = blobs.get(entry.sha) ?? load(entry.sha);
      blobs.set(entry.sha, content);
      return content;
    },
    digest: async (path) => entries.get(path)?.sha,
    close: () => blobs.clear(),
  };
}

/** The modes of the files of a commit or tree, by path. @throws DOC_LIMIT, DOC_GITHUB_REFUSED */
export async function modesOf(github: GitHub, name: string): Promise<Map<string, string>> {
  return new Map((await listFiles(github, name)).files.map(({ path, mode }) => [path, mode]));
}

async function listFiles(github: GitHub, name: string): Promise<{ files: Entry[]; modules: string[] }> {
  const answer = (await github.get(`/git/trees/${encodeURIComponent(name)}?recursive=1`)) as {
    truncated?: boolean;
    tree?: { path?: unknown; type?: unknown; mode?: unknown; sha?: unknown; size?: unknown }[];
  };
  if (answer.truncated === true) {
    const message = `${github.repository} has too many files for the API of GitHub: use a clone.`;
    throw new VwmpError('DOC_LIMIT', message, { retryable: false });
  }
  const files = (answer.tree ?? []).flatMap(({ path, type, mode, sha, size }) =>
    type === 'blob' && typeof path === 'string' && typeof sha === 'string' && /^[0-9a-f]{40,64}$/.test(sha)
      ? [{ path, mode: String(mode), sha, size: Number(size ?? 0) }]
      : [],
  );
  const modules = (answer.tree ?? []).flatMap(({ path, type }) =>
    type === 'commit' && typeof path === 'string' ? [path] : [],
  );
  return { files, modules };
}
