import { type Schema, Type } from '@vwmp/core/schema';
import type {
  CheckConfig,
  DeliverConfig,
  HealConfig,
  ModelConfig,
  ReceiveConfig,
  ReportConfig,
  RunConfig,
  Source,
} from './configs.ts';

const text = (description: string, more: object = {}) =>
  Type.String({ description, minLength: 1, maxLength: 1000, ...more });

const sourceSchema: Schema<Source> = Type.Object(
  {
    folder: Type.Optional(
      text('Folder in the workspace: a clone, or any folder. Without one: the workspace.', { default: '.' }),
    ),
    github: Type.Optional(
      text('Repository on GitHub, read over its API instead of from a folder.', {
        pattern: '^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$',
        examples: ['owner/name'],
      }),
    ),
    revision: Type.Optional(
      text('Commit, branch or tag to look at. Without one: the files as they are in the folder.'),
    ),
    base: Type.Optional(
      text(
        'Commit, branch or tag with which the documentation was right. What has changed since explains what is wrong.',
      ),
    ),
    branch: Type.Optional(text('Branch that the revision was pushed to, as receive tells it.')),
    fork: Type.Optional(
      Type.Boolean({
        description: 'The revision is one of a fork, as receive tells it: no pull request is opened.',
      }),
    ),
    api: Type.Optional(
      text('Address of the API of GitHub.', { default: 'https://api.github.com', pattern: '^https?://' }),
    ),
    token: Type.Optional(
      text('Name of the secret with the token for GitHub.', { examples: ['GITHUB_TOKEN'] }),
    ),
  },
  { description: 'Where the documentation and the code are.' },
);

const filesSchema = Type.Array(Type.String({ maxLength: 4096 }), {
  description: 'Only these Markdown files. Without it: all but changelogs.',
});

export const receiveSchema: Schema<ReceiveConfig> = Type.Object({
  event: text('Name of the event, as in X-GitHub-Event.', { examples: ['${trigger.event}'] }),
  payload: Type.Unknown({ description: 'The body of the delivery.', examples: ['${trigger.body}'] }),
  folder: Type.Optional(
    text(
      'Folder in the workspace with a clone that has the commits. Without one: the API of GitHub is asked.',
    ),
  ),
  api: Type.Optional(
    text('Address of the API of GitHub.', { default: 'https://api.github.com', pattern: '^https?://' }),
  ),
  token: Type.Optional(text('Name of the secret with the token for GitHub.', { examples: ['GITHUB_TOKEN'] })),
});

const runSchema: Schema<RunConfig> = Type.Object(
  {
    timeout: Type.Optional(
      Type.Integer({
        description: 'For each block, in milliseconds.',
        minimum: 10,
        maximum: 10_000,
        default: 1000,
      }),
    ),
    memory_mb: Type.Optional(
      Type.Integer({ description: 'For each block.', minimum: 1, maximum: 256, default: 32 }),
    ),
    max_blocks: Type.Optional(
      Type.Integer({
        description: 'So many blocks are run at most.',
        minimum: 1,
        maximum: 10_000,
        default: 500,
      }),
    ),
  },
  {
    description:
      'Also run the blocks of JavaScript and TypeScript that need nothing from outside, in a sandbox without files and network. Without it nothing is run.',
  },
);

export const checkSchema: Schema<CheckConfig> = Type.Object({
  source: Type.Optional(sourceSchema),
  files: Type.Optional(filesSchema),
  types: Type.Optional(
    Type.Boolean({
      description:
        'Also check the types of TypeScript against the packages of the folder, with the compiler that is installed beside the plugin.',
      default: false,
    }),
  ),
  links: Type.Optional(
    Type.Boolean({
      description: 'Also ask other hosts for every address that is linked to.',
      default: false,
    }),
  ),
  run: Type.Optional(runSchema),
  max_findings: Type.Optional(
    Type.Integer({
      description: 'So many findings are given at most.',
      minimum: 1,
      maximum: 10_000,
      default: 1000,
    }),
  ),
});

const modelSchema: Schema<ModelConfig> = Type.Object(
  {
    url: text('Address of an API that is compatible with that of OpenAI.', {
      pattern: '^https?://',
      examples: ['https://example.test/v1'],
    }),
    name: text('Name of the model.'),
    key: Type.Optional(text('Name of the secret with the key for it.')),
    timeout: Type.Optional(
      Type.Integer({ description: 'For each answer, in milliseconds.', minimum: 100, default: 60_000 }),
    ),
    max_requests: Type.Optional(
      Type.Integer({ description: 'It is asked so often at most.', minimum: 1, default: 20 }),
    ),
  },
  { description: 'Asked where no rule helps. What it proposes is checked like everything else.' },
);

export const healSchema: Schema<HealConfig> = Type.Object({
  source: Type.Optional(sourceSchema),
  files: Type.Optional(filesSchema),
  min_confidence: Type.Optional(
    Type.Number({
      description: 'Only what is at least as sure is corrected, 0 to 1.',
      minimum: 0,
      maximum: 1,
      default: 0.6,
    }),
  ),
  model: Type.Optional(modelSchema),
});

export const deliverSchema: Schema<DeliverConfig> = Type.Object({
  source: Type.Optional(sourceSchema),
  patch: Type.String({
    description: 'The unified diff that heal gave.',
    examples: ['${steps.heal.output.patch}'],
  }),
  as: Type.Enum(['file', 'apply', 'branch', 'pull_request', 'comment'], {
    description:
      'file: writes the diff. apply: changes the files of the folder. branch: commits to a branch of the clone. pull_request: on GitHub. comment: on a pull request of GitHub, without one of its own.',
  }),
  path: Type.Optional(text('Where the diff is written, with `file`.', { default: 'healing.patch' })),
  branch: Type.Optional(text('Name of the branch. Without one: made from the revision and the base.')),
  message: Type.Optional(
    Type.String({
      description: 'Of the commit, and title of the pull request or comment.',
      maxLength: 5000,
      default: 'Heal the documentation',
    }),
  ),
  body: Type.Optional(
    Type.String({
      description: 'Text of the pull request or comment. Without one: what was corrected.',
      maxLength: 60_000,
    }),
  ),
  corrections: Type.Optional(
    Type.Array(Type.Unknown(), { description: 'What heal corrected, for that text.' }),
  ),
  into: Type.Optional(
    text(
      'Branch that the pull request is for. Without one: that of the source, else the default one. Any other must have the revision.',
    ),
  ),
  pull_request: Type.Optional(
    Type.Integer({ description: 'Number of a pull request that gets a comment about it.', minimum: 1 }),
  ),
  status: Type.Optional(
    Type.Boolean({
      description: 'Sets a status check at the revision, with `pull_request` and `comment`.',
      default: true,
    }),
  ),
});

export const reportSchema: Schema<ReportConfig> = Type.Object({
  report: Type.Unknown({ description: 'What check gave.', examples: ['${steps.check.output}'] }),
  healing: Type.Optional(
    Type.Unknown({ description: 'What heal gave.', examples: ['${steps.heal.output}'] }),
  ),
  path: Type.Optional(
    text('Where the report is written, Markdown or JSON by its ending.', { default: 'doc-healing.md' }),
  ),
});

const list = Type.Array(Type.Unknown());

export const outputs: Readonly<Record<'receive' | 'check' | 'heal' | 'deliver' | 'report', Schema>> = {
  receive: Type.Object({
    event: Type.String(),
    ignored: Type.Boolean(),
    reason: Type.Optional(Type.String()),
    repository: Type.Optional(Type.String()),
    branch: Type.Optional(Type.String({ description: 'Missing for that of a fork.' })),
    fork: Type.Optional(Type.Boolean({ description: 'Whether the commits are those of a fork.' })),
    pull_request: Type.Optional(Type.Integer()),
    files: Type.Optional(
      Type.Array(Type.Unknown(), { description: 'Changed files: path, status, previous.' }),
    ),
    documents: Type.Optional(
      Type.Array(Type.String(), { description: 'Those of them that are Markdown and still there.' }),
    ),
    code: Type.Optional(Type.Array(Type.String(), { description: 'Those of them that are code.' })),
    source: Type.Optional(Type.Unknown({ description: 'For the other steps.' })),
  }),
  check: Type.Object({
    files: Type.Integer(),
    links: Type.Integer(),
    blocks: Type.Object({
      total: Type.Integer(),
      ok: Type.Integer(),
      failed: Type.Integer(),
      not_checked: Type.Integer(),
    }),
    languages: list,
    runs: Type.Optional(
      Type.Object({
        ok: Type.Integer(),
        failed: Type.Integer(),
        not_checked: Type.Integer(),
        reasons: Type.Array(Type.String()),
      }),
    ),
    findings: Type.Array(Type.Unknown(), { description: 'kind, file, line, column, message, subject.' }),
    total: Type.Integer(),
    skipped: list,
  }),
  heal: Type.Object({
    patch: Type.String({ description: 'Unified diff for git apply; empty when nothing changes.' }),
    files: Type.Array(Type.String()),
    corrections: Type.Array(Type.Unknown(), {
      description: 'kind, file, line, message, rule, confidence, reason.',
    }),
    healed: Type.Integer(),
    left: Type.Array(Type.Unknown(), { description: 'Findings that are still there.' }),
  }),
  deliver: Type.Object({
    delivered: Type.Boolean(),
    path: Type.Optional(Type.String()),
    files: Type.Optional(Type.Array(Type.String())),
    branch: Type.Optional(Type.String()),
    commit: Type.Optional(Type.String()),
    url: Type.Optional(Type.String()),
    number: Type.Optional(Type.Integer()),
  }),
  report: Type.Object({ path: Type.String(), summary: Type.String() }),
};
