import type { HandlerContext } from '@vwmp/core';
import { identity } from './identity.ts';
import { makeRef } from './marked-ref.ts';
import type { GitOptions } from './options.ts';
import { checkRefName } from './refs.ts';
import { openRepository, type RepositoryConfig } from './repository.ts';
import type { Person } from './schemas.ts';

interface TagConfig extends RepositoryConfig {
  readonly name: string;
  readonly message?: string;
  readonly target?: string;
  readonly author?: Person;
}

/** Output of `git.tag`. */
export interface TagOutput {
  readonly kind: 'tag';
  readonly name: string;
  readonly sha: string;
  readonly object: string;
}

/** Makes the code of `git.tag`. */
export function createTag(options: GitOptions) {
  return async (context: HandlerContext<TagConfig>): Promise<TagOutput> => {
    const { name, message, target = 'HEAD', author } = context.config;
    checkRefName('tag', name);
    const repository = await openRepository(context, options);
    const { git, commit } = repository;
    const sha = await commit(target);
    const object = await makeRef(context, repository, `refs/tags/${name}`, async () => {
      if (message === undefined) return sha;
      const tagger = await git(['var', 'GIT_COMMITTER_IDENT'], { env: identity(author) });
      const text = [`object ${sha}`, 'type commit', `tag ${name}`, `tagger ${tagger.stdout.trimEnd()}`];
      return (await git(['mktag'], { input: `${text.join('\n')}\n\n${message.trimEnd()}\n` })).stdout.trim();
    });
    return { kind: 'tag', name, sha, object };
  };
}
