/** The body of a `push` as GitHub sends it, cut down to what it always has. */
export function pushPayload(before: string, after: string, more: object = {}): object {
  const author = { name: 'Octo Cat', email: 'octocat@users.noreply.github.com', username: 'octocat' };
  return {
    ref: 'refs/heads/main',
    before,
    after,
    repository: {
      id: 1296269,
      node_id: 'MDEwOlJlcG9zaXRvcnkxMjk2MjY5',
      name: 'kit',
      full_name: 'demo/kit',
      private: false,
      owner: { name: 'demo', login: 'demo', id: 1, type: 'Organization' },
      default_branch: 'main',
      master_branch: 'main',
    },
    pusher: { name: 'octocat', email: author.email },
    sender: { login: 'octocat', id: 583231, type: 'User' },
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `https://github.com/demo/kit/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: [
      {
        id: after,
        tree_id: after,
        distinct: true,
        message: 'Change it',
        timestamp: '2026-01-01T00:00:00Z',
        author,
        committer: author,
        added: [],
        removed: [],
        modified: ['README.md'],
      },
    ],
    head_commit: {
      id: after,
      message: 'Change it',
      author,
      committer: author,
      added: [],
      removed: [],
      modified: ['README.md'],
    },
    ...more,
  };
}

/** The body of a `pull_request` as GitHub sends it, cut down likewise. */
export function pullRequestPayload(base: string, head: string, action = 'opened', more: object = {}): object {
  const repo = {
    id: 1296269,
    name: 'kit',
    full_name: 'demo/kit',
    private: false,
    owner: { login: 'demo', type: 'Organization' },
  };
  return {
    action,
    number: 7,
    pull_request: {
      id: 279147437,
      number: 7,
      state: 'open',
      title: 'Change it',
      draft: false,
      user: { login: 'octocat', id: 583231, type: 'User' },
      body: null,
      head: { label: 'demo:change', ref: 'change', sha: head, user: { login: 'demo' }, repo },
      base: { label: 'demo:main', ref: 'main', sha: base, user: { login: 'demo' }, repo },
      merged: false,
      commits: 1,
      changed_files: 2,
    },
    repository: { ...repo, default_branch: 'main' },
    sender: { login: 'octocat', id: 583231, type: 'User' },
    ...more,
  };
}
