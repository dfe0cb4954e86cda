import type { Retry, WorkflowDocument, WorkflowType } from '@vwmp/core';

const checkFolder: WorkflowDocument = {
  name: 'Check documentation',
  type: 'doc_healing',
  description: 'Checks all Markdown files of a folder and writes a report.',
  parameters: [
    { name: 'folder', type: 'string', default: '.', label: 'Folder' },
    { name: 'report', type: 'string', default: 'doc-healing.md', label: 'Report' },
  ],
  steps: [
    {
      id: 'check',
      handler: 'doc_healing.check',
      queue: 'validation',
      config: { source: { folder: '${parameters.folder}' } },
    },
    {
      ...{ id: 'report', handler: 'doc_healing.report', dependencies: ['check'] },
      config: { report: '${steps.check.output}', path: '${parameters.report}' },
    },
  ],
  output: { findings: '${steps.check.output.total}', report: '${steps.report.output.path}' },
};

const runFolder: WorkflowDocument = {
  name: 'Check and run documentation',
  type: 'doc_healing',
  description:
    'Checks all Markdown files of a folder, runs the JavaScript and TypeScript in them in a sandbox, and writes a report.',
  parameters: [
    { name: 'folder', type: 'string', default: '.', label: 'Folder' },
    { name: 'report', type: 'string', default: 'doc-healing.md', label: 'Report' },
  ],
  steps: [
    {
      id: 'check',
      handler: 'doc_healing.check',
      queue: 'validation',
      config: { source: { folder: '${parameters.folder}' }, run: { timeout: 1000, memory_mb: 32 } },
    },
    {
      ...{ id: 'report', handler: 'doc_healing.report', dependencies: ['check'] },
      config: { report: '${steps.check.output}', path: '${parameters.report}' },
    },
  ],
  output: {
    findings: '${steps.check.output.total}',
    runs: '${steps.check.output.runs}',
    report: '${steps.report.output.path}',
  },
};

const healFolder: WorkflowDocument = {
  name: 'Heal documentation',
  type: 'doc_healing',
  description:
    'Compares a folder with a revision at which its documentation was right, and writes a report and a diff.',
  parameters: [
    { name: 'folder', type: 'string', default: '.', label: 'Folder' },
    {
      name: 'base',
      type: 'string',
      default: 'HEAD~1',
      label: 'Right at',
      description: 'Commit, branch or tag.',
    },
  ],
  steps: [
    {
      ...{ id: 'check', handler: 'doc_healing.check', queue: 'validation' },
      config: { source: { folder: '${parameters.folder}', base: '${parameters.base}' } },
    },
    {
      ...{
        id: 'heal',
        handler: 'doc_healing.heal',
        queue: 'healing',
        dependencies: ['check'],
        when: '${steps.check.output.total > 0}',
      },
      config: { source: '${steps.check.output.source}' },
    },
    {
      ...{ id: 'write', handler: 'doc_healing.deliver', queue: 'healing', dependencies: ['heal'] },
      config: { patch: '${steps.heal.output.patch}', as: 'file', path: 'healing.patch' },
    },
  ],
};

const receive = {
  ...{ id: 'receive', handler: 'doc_healing.receive', queue: 'webhooks' },
  config: { event: '${trigger.event}', payload: '${trigger.body}' },
};
const check = {
  ...{ id: 'check', handler: 'doc_healing.check', queue: 'validation', dependencies: ['receive'] },
  when: '${!steps.receive.output.ignored}',
  config: { source: '${steps.receive.output.source}' },
};
const heal = {
  ...{ id: 'heal', handler: 'doc_healing.heal', queue: 'healing', dependencies: ['check'] },
  when: '${steps.check.output.total > 0}',
  config: { source: '${steps.receive.output.source}' },
};

/** GitHub may want to be asked an hour later. */
const retry: Retry = {
  ...{ attempts: 7, delay: '1m', backoff: 'exponential' },
  on: ['DOC_GITHUB_LIMITED', 'HTTP_CONNECTION', 'HTTP_SERVER_ERROR', 'HTTP_TIMEOUT'],
};

const onPush: WorkflowDocument = {
  name: 'Heal on push',
  type: 'doc_healing',
  description:
    'On a push to GitHub, heals the documentation in a clone and commits the corrections to a branch of it.',
  triggers: [{ webhook: 'doc-healing', secret: '${secrets.GITHUB_WEBHOOK}', events: ['push'] }],
  parameters: [
    {
      name: 'clone',
      type: 'string',
      default: '.',
      label: 'Clone',
      description: 'Folder in the workspace that has the commits.',
    },
  ],
  steps: [
    { ...receive, config: { ...receive.config, folder: '${parameters.clone}' } },
    check,
    heal,
    {
      ...{
        id: 'commit',
        handler: 'doc_healing.deliver',
        queue: 'healing',
        dependencies: ['heal'],
        when: '${steps.heal.output.healed > 0}',
      },
      config: { source: '${steps.receive.output.source}', patch: '${steps.heal.output.patch}', as: 'branch' },
    },
  ],
};

const onPullRequest: WorkflowDocument = {
  name: 'Heal pull requests',
  type: 'doc_healing',
  description:
    'On a pull request, heals the documentation over the API of GitHub and, when a person approves, opens a pull request with the corrections; on one of a fork, comments instead.',
  triggers: [{ webhook: 'doc-healing', secret: '${secrets.GITHUB_WEBHOOK}', events: ['pull_request'] }],
  steps: [
    { ...receive, retry, config: { ...receive.config, token: 'GITHUB_TOKEN' } },
    { ...check, retry },
    { ...heal, retry },
    {
      ...{
        id: 'approve',
        handler: 'core.approval',
        dependencies: ['heal'],
        when: '${steps.heal.output.healed > 0}',
      },
      config: {
        prompt:
          "${steps.receive.output.fork ? 'Comment on the pull request' : 'Open a pull request'} with ${steps.heal.output.healed} corrections?\n\n${steps.heal.output.patch}",
      },
    },
    {
      ...{
        id: 'deliver',
        handler: 'doc_healing.deliver',
        queue: 'healing',
        dependencies: ['approve'],
        retry,
      },
      when: '${steps.approve.output.approved}',
      config: {
        source: '${steps.receive.output.source}',
        patch: '${steps.heal.output.patch}',
        corrections: '${steps.heal.output.corrections}',
        as: "${steps.receive.output.fork ? 'comment' : 'pull_request'}",
        pull_request: '${steps.receive.output.pull_request}',
      },
    },
  ],
};

/** The workflow type `doc_healing`. */
export const docHealingType: WorkflowType = {
  name: 'doc_healing',
  description: 'Keeps documentation true: finds what is wrong in Markdown and heals it.',
  icon: 'book-check',
  templates: [
    { name: 'Check a folder', description: 'A report on all Markdown of a folder.', document: checkFolder },
    {
      name: 'Check and run a folder',
      description: 'A report on all Markdown of a folder, whose code is also run, in a sandbox.',
      document: runFolder,
    },
    { name: 'Heal a folder', description: 'A report and a diff.', document: healFolder },
    { name: 'Heal on push', description: 'A branch with the corrections, in a clone.', document: onPush },
    {
      name: 'Heal pull requests',
      description: 'A pull request with the corrections, once approved; for forks a comment.',
      document: onPullRequest,
    },
  ],
};
