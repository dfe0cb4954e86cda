import type { Execution, WorkflowDocument } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';

/** What requests of tests are about. */
export interface World {
  platform: Platform;
  /** Executions by how they stand. */
  done: string;
  failed: string;
  waiting: string;
  asking: string;
  schedule: string;
  /** A dead letter of the queue `mails`. */
  dead: string;
}

const greet = { id: 'greet', handler: 'core.set', config: { value: 'Hello ${parameters.who}' } };

export const documents: Readonly<Record<string, WorkflowDocument>> = {
  hello: {
    id: 'hello',
    name: 'Hello',
    parameters: [{ name: 'who', type: 'string', default: 'you' }],
    triggers: [
      { schedule: '0 6 * * *', timezone: 'Europe/Berlin' },
      { schedule: '0 7 * * *', timezone: 'UTC' },
    ],
    steps: [greet],
    output: '${steps.greet.output}',
  },
  fails: {
    id: 'fails',
    name: 'Fails',
    steps: [
      { id: 'before', handler: 'core.set', config: { value: 1 } },
      {
        id: 'fail',
        handler: 'core.fail',
        config: { message: 'No.', code: 'NO' },
        dependencies: ['before'],
      },
    ],
  },
  waits: {
    id: 'waits',
    name: 'Waits',
    steps: [{ id: 'wait', handler: 'core.wait', config: { signal: 'go' } }],
  },
  asks: {
    id: 'asks',
    name: 'Asks',
    steps: [
      {
        id: 'ask',
        handler: 'core.approval',
        config: {
          prompt: 'Release it?',
          form: {
            type: 'object',
            properties: { stars: { type: 'integer', minimum: 1, maximum: 5 } },
            required: ['stars'],
          },
        },
      },
    ],
  },
};

/** Fills a platform. */
export async function createWorld(platform: Platform): Promise<World> {
  for (const [id, { name, ...rest }] of Object.entries(documents)) {
    const text = `# kept\n${JSON.stringify({ name, ...rest }, null, 2)}\n`;
    await platform.workflows.save({ id, name, type: 'generic', version: '0.1.0', text }, undefined);
  }
  const [done, failed, waiting, asking] = await Promise.all([
    ended(platform, 'hello'),
    ended(platform, 'fails'),
    startWaiting(platform, 'waits'),
    startWaiting(platform, 'asks'),
  ]);
  const { results } = await platform.schedules.list({ workflow_id: 'hello' });
  return { platform, done, failed, waiting, asking, schedule: results[0]!.id, dead: await bury(platform) };
}

async function ended(platform: Platform, workflow: string): Promise<string> {
  const { execution_id } = await platform.start(workflow);
  await platform.wait(execution_id);
  return execution_id;
}

/** Resolves when it is parked. */
export async function startWaiting(platform: Platform, workflow: string): Promise<string> {
  const { execution_id } = await platform.start(workflow);
  await until(platform, execution_id, ({ status }) => status === 'waiting');
  return execution_id;
}

async function until(
  { storage, execution }: Platform,
  id: string,
  holds: (execution: Execution) => boolean,
): Promise<void> {
  for (;;) {
    const now = await execution(id);
    // As others see it too: lists and approvals read the store.
    if (now && holds(now) && (await storage.executions.get(id))?.status === now.status) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** @returns the id of a new dead letter of the queue `mails` */
export async function bury({ queue }: Platform): Promise<string> {
  await queue.enqueue('mails', { name: 'send', payload: { to: 'ana' } });
  const task = await queue.getTask('mails', 1000);
  await queue.markFailed(task!, { code: 'NO_SERVER', message: 'No server.', retryable: false });
  return task!.id;
}
