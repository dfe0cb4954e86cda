import type { HandlerContext } from '@vwmp/core';
import { openGitHub, type RequestContext } from '../github/client.ts';
import { openGitHubTree } from '../github/tree.ts';
import { openProject, type Project } from '../project/project.ts';
import { openFolder } from '../tree/folder.ts';
import { openClone } from '../tree/git.ts';
import { openRevision } from '../tree/revision.ts';
import type { FileContent, Tree } from '../tree/tree.ts';
import type { Source } from './configs.ts';

/** Opens what a source stands for, works with it, and closes it. */
export async function withProject<T>(
  context: HandlerContext<never>,
  source: Source,
  work: (project: Project) => Promise<T>,
): Promise<T> {
  const trees: Tree[] = [];
  const blobs = new Map<string, Promise<FileContent>>();
  try {
    const open = async (revision: string | undefined): Promise<Tree> => {
      const tree = await openTree(context, source, revision, blobs);
      trees.push(tree);
      return tree;
    };
    const head = await open(source.revision);
    const base = source.base === undefined ? undefined : await open(source.base);
    return await work(await openProject(head, base, context.signal));
  } finally {
    for (const tree of trees) tree.close();
  }
}

async function openTree(
  context: RequestContext,
  source: Source,
  revision: string | undefined,
  blobs: Map<string, Promise<FileContent>>,
): Promise<Tree> {
  if (source.github !== undefined) {
    const { github: repository, api, token } = source;
    return openGitHubTree(openGitHub(context, { repository, api, token }), revision ?? 'HEAD', blobs);
  }
  return revision === undefined
    ? openFolder(await context.workspace.resolve(source.folder ?? '.'), context.signal)
    : openRevision(await openClone(context, source.folder), revision, context.signal);
}
