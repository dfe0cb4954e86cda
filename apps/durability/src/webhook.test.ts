import { createHmac } from 'node:crypto';
import { createMemoryStorage } from '@vwmp/core/memory';
import { createPlatform, type Platform } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';
import { createMemoryQueue } from '@vwmp/queue-memory';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const secret = 'It is a secret to everybody';
const document = {
  id: 'on-push',
  name: 'On push',
  triggers: [
    {
      webhook: 'repo/push',
      secret: '${secrets.HOOK}',
      events: ['push', 'release'],
      when: 'trigger.body.ref != "refs/heads/skip"',
      parameters: { ref: '${trigger.body.ref}' },
    },
  ],
  parameters: [{ name: 'ref', type: 'string' }],
  output: '${steps.show.output}',
  steps: [
    { id: 'show', handler: 'core.set', config: { value: '${parameters.ref + " by " + trigger.event}' } },
  ],
};

let platform: Platform;
beforeEach(async () => {
  const { settings } = readSettings({ VWMP_DATABASE_BACKEND: 'memory' }, { cwd: '/nowhere' });
  const secrets = { get: (name: string) => (name === 'HOOK' ? secret : undefined) };
  const storage = createMemoryStorage();
  platform = await createPlatform(settings, { storage, queue: createMemoryQueue(), secrets });
  await platform.open();
  const text = JSON.stringify(document);
  await storage.workflows.save(
    { id: 'on-push', name: 'On push', type: 'generic', version: '0.1.0', text },
    undefined,
  );
});
afterEach(() => platform.close());

function deliver(
  body: string,
  event: string,
  id: string,
  signature = sign(body),
): ReturnType<Platform['acceptWebhook']> {
  return platform.acceptWebhook('repo/push', {
    body,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'X-GitHub-Event': event,
      'X-GitHub-Delivery': id,
      'X-Hub-Signature-256': signature,
      Authorization: 'Bearer private',
    },
  });
}

function sign(body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

describe('a webhook', () => {
  it('property 8: a valid one is accepted, queued and answered in lightweight mode, once for each delivery', async () => {
    const delivery = fc.record({
      ref: fc.string(),
      event: fc.constantFrom('push', 'release'),
      id: fc.uuid(),
      twice: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(delivery, async ({ ref, event, id, twice }) => {
        const body = JSON.stringify({ ref });
        const answer = await deliver(body, event, id);
        expect(answer).toMatchObject({
          status: 'queued',
          executions: [{ workflow_id: 'on-push', created: true }],
        });
        const { execution_id } = answer.executions[0]!;
        if (twice) {
          const again = await deliver(body, event, id);
          expect(again).toMatchObject({ status: 'queued', executions: [{ execution_id, created: false }] });
        }
        const execution = await platform.wait(execution_id, { timeout: 10_000 });
        expect(execution).toMatchObject({ status: 'success', output: `${ref} by ${event}` });
        expect(JSON.stringify(execution)).not.toContain('Bearer private');
      }),
      { numRuns: 100 },
    );
  });

  it('of which one workflow cannot be started starts none', async () => {
    const steps = [{ id: 'a', handler: 'core.set', config: { value: 1 } }];
    const triggers = [{ webhook: 'shared', signature: 'none' }];
    const parameters = [{ name: 'missing', type: 'integer' }];
    for (const each of [
      { id: 'easy', name: 'easy', triggers, steps },
      { id: 'strict', name: 'strict', triggers, steps, parameters },
    ]) {
      const draft = { ...each, type: 'generic', version: '0.1.0', text: JSON.stringify(each) };
      await platform.workflows.save(draft, undefined);
    }
    await expect(platform.acceptWebhook('shared', { headers: {}, body: '{}' })).rejects.toMatchObject({
      code: 'PARAMETERS_INVALID',
    });
    expect((await platform.storage.executions.list()).count).toBe(0);
  });

  it('with any change to its body or signature starts nothing', async () => {
    const body = JSON.stringify({ ref: 'main' });
    const change = fc.oneof(
      fc.string().map((signature) => ({ body, signature })),
      fc.string({ minLength: 1 }).map((more) => ({ body: `${body}${more}`, signature: sign(body) })),
      fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => ({ body, signature: `sha256=${hex}` })),
    );
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        await expect(deliver(changed.body, 'push', 'x', changed.signature)).rejects.toMatchObject({
          code: 'WEBHOOK_SIGNATURE',
        });
      }),
      { numRuns: 200 },
    );
    expect((await platform.storage.executions.list()).count).toBe(0);
  });

  it('that no trigger wants is answered as ignored', async () => {
    expect(await deliver('{"ref":"main"}', 'star', '1')).toEqual({ status: 'ignored', executions: [] });
    expect(await deliver('{"ref":"refs/heads/skip"}', 'push', '2')).toEqual({
      status: 'ignored',
      executions: [],
    });
  });

  it('says what is wrong with it', async () => {
    await expect(platform.acceptWebhook('nobody', { body: '', headers: {} })).rejects.toMatchObject({
      code: 'WEBHOOK_NOT_FOUND',
    });
    await expect(deliver('{', 'push', '1')).rejects.toMatchObject({ code: 'WEBHOOK_BODY' });
    await expect(deliver('{"ref":1}', 'push', '2')).rejects.toMatchObject({ code: 'PARAMETERS_INVALID' });
    await expect(deliver('{}', 'push', '3')).rejects.toMatchObject({ code: 'EXPRESSION_ERROR' });
  });
});
