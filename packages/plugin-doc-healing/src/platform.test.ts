import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from '@vwmp/api';
import type { JsonObject, JsonValue, WorkflowDocument } from '@vwmp/core';
import { createPlatform, type Platform } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '@vwmp/test-servers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocHealing } from './index.ts';
import { docHealingType } from './templates.ts';
import { pullRequestPayload, pushPayload } from './testing/deliveries.ts';
import { type Files, git, writeFiles } from './testing/folder.ts';
import { after, before, healed } from './testing/samples.ts';

const scratch = mkdtempSync(join(tmpdir(), 'vwmp-doc-healing-'));
const workspace = join(scratch, 'workspace');
const clone = join(workspace, 'clone');
const commits: string[] = [];
const hook = 'It is a secret to everybody';
const servers: { redis?: RedisServer; postgres?: PostgresServer } = {};
const platforms: Partial<Record<'lightweight' | 'hybrid' | 'full', Platform>> = {};

beforeAll(async () => {
  git(scratch, 'init', '-q', '-b', 'main', clone);
  for (const files of [before, after, { ...after, 'docs/more.md': '# More\n\n[kit](../README.md#kit)\n' }]) {
    writeFiles(clone, files);
    if (!('docs/logo.svg' in files)) rmSync(join(clone, 'docs/logo.svg'), { force: true });
    git(clone, 'add', '-A');
    git(clone, '-c', 'user.name=T', '-c', 'user.email=t@t.test', 'commit', '-q', '-m', 'state');
    commits.push(git(clone, 'rev-parse', 'HEAD').trim());
  }
  [servers.redis, servers.postgres] = await Promise.all([startRedis(), startPostgres()]);
  platforms.lightweight = await open({
    VWMP_DEPLOYMENT_MODE: 'lightweight',
    VWMP_SQLITE_PATH: join(scratch, 'vwmp.db'),
  });
  platforms.hybrid = await open({
    VWMP_DEPLOYMENT_MODE: 'hybrid',
    VWMP_DATABASE_URL: await servers.postgres.createDatabase('doc_healing_hybrid'),
  });
  platforms.full = await open({
    VWMP_DEPLOYMENT_MODE: 'full',
    VWMP_DATABASE_URL: await servers.postgres.createDatabase('doc_healing'),
    VWMP_REDIS_URL: servers.redis.url,
  });
}, 180_000);

afterAll(async () => {
  await Promise.all(Object.values(platforms).map((platform) => platform.close()));
  await Promise.all([servers.redis?.stop(), servers.postgres?.stop()]);
  rmSync(scratch, { recursive: true, force: true });
});

async function open(variables: Record<string, string>): Promise<Platform> {
  const all = {
    VWMP_IN_PROCESS_WORKER: 'true',
    VWMP_UNIFIED_WORKER: 'true',
    VWMP_API_PORT: '0',
    ...variables,
  };
  const { settings } = readSettings(all, { cwd: '/', envFile: false });
  const secrets = { get: (name: string) => (name === 'GITHUB_WEBHOOK' ? hook : undefined) };
  const platform = await createPlatform(settings, {
    ...{ plugins: [createDocHealing()], workspace, secrets, from: import.meta.dirname },
  });
  await platform.open();
  for (const [id, document] of Object.entries(workflows)) {
    const draft = {
      id,
      name: document.name,
      type: 'doc_healing',
      version: '0.1.0',
      text: JSON.stringify({ id, ...document }),
    };
    await platform.storage.workflows.save(draft, undefined);
  }
  return platform;
}

const template = (name: string): WorkflowDocument =>
  docHealingType.templates!.find((each) => each.name === name)!.document;

const workflows: Record<string, WorkflowDocument> = {
  'on-push': {
    ...template('Heal on push'),
    triggers: [
      { webhook: 'doc-healing', secret: '${secrets.GITHUB_WEBHOOK}', parameters: { clone: 'clone' } },
    ],
    steps: template('Heal on push').steps.filter(({ id }) => id !== 'commit'),
    output: {
      findings: '${has(steps.check.output.total) ? steps.check.output.total : -1}',
      patch: "${steps.heal.status == 'success' ? steps.heal.output.patch : ''}",
    },
  },
  validate: {
    ...{ name: 'Validate', type: 'doc_healing', parameters: [{ name: 'folder', type: 'string' }] },
    steps: [
      {
        id: 'check',
        handler: 'doc_healing.check',
        queue: 'validation',
        config: { source: { folder: '${parameters.folder}' } },
      },
    ],
    output: '${steps.check.output}',
  },
  heal: {
    ...{ name: 'Heal', type: 'doc_healing', parameters: [{ name: 'folder', type: 'string' }] },
    steps: [
      {
        id: 'heal',
        handler: 'doc_healing.heal',
        queue: 'healing',
        config: { source: { folder: '${parameters.folder}' }, min_confidence: 0.5 },
      },
    ],
    output: '${steps.heal.output}',
  },
};

async function run(platform: Platform, workflow: string, parameters: JsonObject): Promise<JsonValue> {
  const { execution_id } = await platform.start(workflow, parameters);
  const execution = await platform.wait(execution_id);
  expect(execution).toMatchObject({ status: 'success' });
  return execution.output!;
}

function signed(
  event: string,
  payload: object,
  id: string,
): { body: string; headers: Record<string, string> } {
  const body = JSON.stringify(payload);
  const signature = `sha256=${createHmac('sha256', hook).update(body).digest('hex')}`;
  const headers = {
    ...{ 'content-type': 'application/json', 'x-github-event': event, 'x-github-delivery': id },
    'x-hub-signature-256': signature,
  };
  return { body, headers };
}

function deliver(
  platform: Platform,
  event: string,
  payload: object,
  id: string,
): ReturnType<Platform['acceptWebhook']> {
  return platform.acceptWebhook('doc-healing', signed(event, payload, id));
}

/** Documentation with something in it that may be wrong. */
const block = fc.constantFrom(
  ...[
    '```json\n{"a": 1,}\n```',
    '```json\n{"a": [1, 2]}\n```',
    '```js\nconst a = f(1;\n```',
    '```yaml\na: b\n```',
    '```ts\nconst b: number = 1;\n```',
  ],
  ...[
    '[x](b.md)',
    '[x](b.md#first-part)',
    '[x](b.md#frist-part)',
    '[x](c.md)',
    '![p](p.png)',
    '# Title',
    'Text.',
    '> ```json\n> {"a" 1}\n> ```',
  ],
);
const documents = fc.record({
  'a.md': fc.array(block, { maxLength: 3 }).map((parts) => `${parts.join('\n\n')}\n`),
});
let count = 0;

function place(files: Files): string {
  const folder = `random-${++count}`;
  writeFiles(join(workspace, folder), { ...files, 'b.md': '# First part\n', 'pics/p.png': 'p' });
  return folder;
}

const runs = { numRuns: 100 };

describe('properties of the modes', () => {
  const delivery = fc.record({
    event: fc.constantFrom('push', 'push', 'pull_request', 'issues', 'star'),
    from: fc.nat({ max: 1 }),
    steps: fc.nat({ max: 1 }),
  });

  it('1 and 8: a delivery is accepted, queued and answered in lightweight mode, and its webhook, validation and healing tasks all complete in the unified worker', async () => {
    const platform = platforms.lightweight!;
    await fc.assert(
      fc.asyncProperty(delivery, async ({ event, from, steps }) => {
        const [old, now] = [commits[from]!, commits[from + steps]!];
        const payload = event === 'pull_request' ? pullRequestPayload(old, now) : pushPayload(old, now);
        const answer = await deliver(platform, event, payload, `delivery ${++count}`);
        expect(answer).toMatchObject({
          status: 'queued',
          executions: [{ workflow_id: 'on-push', created: true }],
        });
        const execution = await platform.wait(answer.executions[0]!.execution_id);
        expect(execution.status).toBe('success');
        const isKnown = event === 'push' || event === 'pull_request';
        expect(execution.steps.receive).toMatchObject({
          status: 'success',
          ...(isKnown ? {} : { port: 'ignored' }),
        });
        expect(execution.steps.check!.status).toBe(isKnown ? 'success' : 'skipped');
        // The code leaves the documentation behind with the second commit.
        const stale = isKnown && from + steps > 0;
        expect(execution.steps.heal!.status).toBe(stale ? 'success' : 'skipped');
      }),
      runs,
    );
    for (const queue of ['webhooks', 'validation', 'healing'])
      expect(await platform.queue.counts(queue)).toMatchObject({ waiting: 0, active: 0, dead: 0 });
  }, 180_000);

  it('9: validation gives the same in lightweight and full mode', async () => {
    await fc.assert(
      fc.asyncProperty(documents, async (files) => {
        const folder = place(files);
        const [light, full] = await Promise.all([
          run(platforms.lightweight!, 'validate', { folder }),
          run(platforms.full!, 'validate', { folder }),
        ]);
        expect(light).toMatchObject({ files: 2 });
        expect(full).toEqual(light);
      }),
      runs,
    );
  }, 180_000);

  it('10: healing gives the same in lightweight and full mode', async () => {
    await fc.assert(
      fc.asyncProperty(documents, async (files) => {
        const folder = place(files);
        const [light, full] = await Promise.all([
          run(platforms.lightweight!, 'heal', { folder }),
          run(platforms.full!, 'heal', { folder }),
        ]);
        expect(light).toMatchObject({ patch: expect.any(String) as string });
        expect(full).toEqual(light);
      }),
      runs,
    );
  }, 180_000);
});

it.each(['lightweight', 'hybrid', 'full'] as const)(
  'a push of GitHub through HTTP to a platform in %s mode ends in a diff that heals',
  async (mode) => {
    const platform = platforms[mode]!;
    const server = createServer(platform);
    const { url } = await server.listen();
    try {
      const { body, headers } = signed('push', pushPayload(commits[0]!, commits[1]!), `http ${mode}`);
      const answer = await fetch(`${url}/webhooks/doc-healing`, { method: 'POST', body, headers });
      expect(answer.status).toBeLessThan(300);
      const { execution_id } = (await answer.json()) as { execution_id: string };
      const { output, status } = await platform.wait(execution_id);
      expect(status).toBe('success');
      const { patch, findings } = output as { patch: string; findings: number };
      expect(findings).toBe(11);
      const copy = join(scratch, `copy-${mode}`);
      git(scratch, 'clone', '-q', clone, copy);
      git(copy, 'checkout', '-q', commits[1]!);
      writeFiles(copy, { 'healing.patch': patch });
      git(copy, 'apply', 'healing.patch');
      expect(git(copy, 'diff', '--name-only').trim()).toBe('README.md');
      expect(readFileSync(join(copy, 'README.md'), 'utf8')).toBe(healed);
    } finally {
      await server.close(0);
    }
  },
  120_000,
);
