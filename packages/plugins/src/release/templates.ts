import type { Step, WorkflowDocument, WorkflowTemplate } from '@vwmp/core';

const folder = '${parameters.folder}';
const version = '${steps.bump.output.to}';
const tag = '${steps.bump.output.tag}';

/** A step that edits files, and how that is taken back. */
const editing = (id: string, handler: string, dependencies: string[], config: object): Step => ({
  id,
  handler,
  dependencies,
  config: { folder, ...config },
  compensate: { handler: 'release.undo', config: { of: `\${steps.${id}.output}` } },
});

/** A step that changes the repository, and how that is taken back. */
const changing = (id: string, handler: string, dependencies: string[], config: object): Step => ({
  id,
  handler,
  dependencies,
  config: { repository: folder, ...config },
  compensate: { handler: 'git.undo', config: { repository: folder, of: `\${steps.${id}.output}` } },
});

const parameters: WorkflowDocument['parameters'] = [
  { name: 'folder', type: 'string', default: '.', label: 'Repository' },
  {
    name: 'bump',
    type: 'enum',
    options: ['auto', 'patch', 'minor', 'major', 'pre'],
    default: 'auto',
    label: 'Version',
    description: 'What to raise. auto looks at the commits since the last tag.',
  },
  { name: 'remote', type: 'string', default: 'origin', label: 'Remote' },
];

const clean: Step = { id: 'clean', handler: 'git.status', config: { repository: folder, clean: true } };

const push = (dependencies: string[]): Step => ({
  id: 'push',
  handler: 'git.push',
  dependencies,
  config: { repository: folder, remote: '${parameters.remote}', tags: [tag] },
});

const output = {
  version,
  tag,
  commit: '${steps.commit.output.sha}',
  notes: '${steps.changelog.output.section}',
};

const quick: WorkflowDocument = {
  name: 'Quick release',
  type: 'release',
  description:
    'Bumps the version, writes the changelog, commits, tags and pushes. When that fails, all is as it was.',
  parameters,
  timeout: '10m',
  concurrency: { key: folder, limit: 1, policy: 'queue' },
  steps: [
    clean,
    editing('bump', 'release.version_bump', ['clean'], { bump: '${parameters.bump}' }),
    editing('changelog', 'release.changelog_update', ['bump'], { version }),
    changing('stage', 'git.stage', ['changelog'], {
      paths: '${steps.bump.output.files + steps.changelog.output.files}',
    }),
    changing('commit', 'git.commit', ['stage'], { message: `chore(release): ${tag}` }),
    changing('tag', 'git.tag', ['commit'], { name: tag, message: `Version ${version}` }),
    push(['tag']),
  ],
  output,
};

const standard: WorkflowDocument = {
  name: 'Release',
  type: 'release',
  description:
    'Tests, bumps the version, writes changelog and README, asks a person, commits, tags and pushes. When that fails or is rejected, all is as it was.',
  parameters: [
    ...parameters,
    { name: 'test', type: 'string', default: 'npm test', label: 'Command for the tests' },
  ],
  timeout: '3d',
  concurrency: { key: folder, limit: 1, policy: 'queue' },
  steps: [
    clean,
    {
      id: 'test',
      handler: 'shell.run',
      dependencies: ['clean'],
      timeout: '30m',
      config: { command: '${parameters.test}', shell: true, cwd: folder },
    },
    editing('bump', 'release.version_bump', ['test'], { bump: '${parameters.bump}' }),
    editing('changelog', 'release.changelog_update', ['bump'], { version }),
    editing('readme', 'release.readme_update', ['changelog'], {
      from: '${steps.bump.output.from}',
      to: version,
    }),
    changing('stage', 'git.stage', ['readme'], {
      paths: '${steps.bump.output.files + steps.changelog.output.files + steps.readme.output.files}',
    }),
    {
      id: 'diff',
      handler: 'git.diff',
      dependencies: ['stage'],
      config: { repository: folder, staged: true, max_bytes: 65_536 },
    },
    {
      id: 'approval',
      handler: 'core.approval',
      dependencies: ['diff'],
      config: { prompt: `Release ${version}?\n\n\${steps.changelog.output.section}`, timeout: '2d' },
    },
    {
      id: 'rejected',
      handler: 'core.fail',
      dependencies: ['approval:rejected'],
      config: { code: 'RELEASE_REJECTED', message: `Version ${version} was not approved.`, retryable: false },
    },
    {
      ...changing('commit', 'git.commit', ['approval'], { message: `chore(release): ${tag}` }),
      when: '${steps.approval.output.approved}',
    },
    changing('tag', 'git.tag', ['commit'], { name: tag, message: `Version ${version}` }),
    push(['tag']),
  ],
  output,
};

/** Workflows to begin from. */
export const templates: readonly WorkflowTemplate[] = [
  { name: 'Standard', description: 'With tests, README and an approval.', document: standard },
  { name: 'Quick', description: 'Version, changelog, commit, tag and push.', document: quick },
];
