import { existsSync } from 'node:fs';
import type { Execution, JsonValue, WorkflowDocument } from '@vwmp/core';
import type { Platform, PlatformOptions } from '@vwmp/core/platform';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks, type Text } from './testing/checks.ts';
import { createGround } from './testing/ground.ts';
import { modes } from './testing/modes.ts';
import { makePlatform, type Place } from './testing/place.ts';

const ground = createGround();
afterAll(ground.clear);

const runs = { numRuns: 100 };
const bothModes = ['lightweight', 'full'] as const;

async function openPlatform(
  place: Place,
  options: Parameters<typeof makePlatform>[1] = {},
): Promise<Platform> {
  const platform = await makePlatform(place, options);
  await platform.open();
  return platform;
}

/** Saves a workflow under its id. */
async function save({ storage }: Platform, document: WorkflowDocument & { id: string }): Promise<void> {
  const { id, name } = document;
  const draft = { id, name, type: 'generic', version: '0.1.0', text: JSON.stringify(document) };
  await storage.workflows.save(draft, undefined);
}

describe.each(bothModes)('%s', (mode) => {
  describe('property 1', () => {
    const queues = ['webhooks', 'validation', 'healing'] as const;
    const results = new Map<string, JsonValue[]>();
    const note: NonNullable<PlatformOptions['tasks']>[string] = async (payload) => {
      const { run, value } = payload as { run: string; value: JsonValue };
      results.get(run)!.push(value);
      return value;
    };
    let platform: Platform;
    let run = 0;
    beforeAll(async () => {
      const tasks = Object.fromEntries(queues.map((queue) => [queue, note]));
      // How soon a queue is found into which something was put from outside.
      platform = await openPlatform(await modes[mode](ground), {
        tasks,
        worker: { unified: true, lease: 500 },
      });
      await save(platform, {
        ...{ id: 'on-push', name: 'on push', triggers: [{ webhook: 'push', signature: 'none' }] },
        steps: [
          { id: 'a', handler: 'core.set', queue: 'webhooks', config: { value: '${trigger.body.value}' } },
          {
            id: 'b',
            handler: 'core.set',
            queue: 'validation',
            dependencies: ['a'],
            config: { value: '${steps.a.output}' },
          },
          {
            id: 'c',
            handler: 'core.set',
            queue: 'healing',
            dependencies: ['b'],
            config: { value: '${steps.b.output}' },
          },
        ],
        output: '${steps.c.output}',
      });
    });
    afterAll(() => platform.close());

    it('1: webhook, validation and healing tasks all complete in the unified worker', async () => {
      const task = fc.record({
        queue: fc.constantFrom(...queues),
        value: fc.jsonValue() as fc.Arbitrary<JsonValue>,
        priority: fc.integer({ min: -5, max: 5 }),
        delay: fc.integer({ min: 0, max: 5 }),
      });
      const delivered = fc.array(fc.string(), { maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(fc.array(task, { maxLength: 12 }), delivered, async (tasks, deliveries) => {
          const name = `run ${++run}`;
          results.set(name, []);
          for (const { queue, value, ...options } of tasks) {
            await platform.queue.enqueue(queue, { name: queue, payload: { run: name, value } }, options);
          }
          for (const value of deliveries) {
            const { executions } = await platform.acceptWebhook('push', {
              body: JSON.stringify({ value }),
              headers: { 'content-type': 'application/json' },
            });
            for (const { execution_id } of executions) {
              expect(await platform.wait(execution_id)).toMatchObject({ status: 'success', output: value });
            }
          }
          await expect
            .poll(() => results.get(name)!.length, { timeout: 60_000, interval: 2 })
            .toBe(tasks.length);
          const sorted = (values: JsonValue[]): string[] =>
            values.map((value) => JSON.stringify(value)).sort();
          expect(sorted(results.get(name)!)).toEqual(sorted(tasks.map(({ value }) => value)));
          results.delete(name);
        }),
        runs,
      );
      for (const queue of queues) {
        await expect
          .poll(() => platform.queue.counts(queue))
          .toEqual({ waiting: 0, delayed: 0, active: 0, dead: 0 });
      }
    });
  });

  it('6: executions survive a restart; tasks do with Redis and do not with memory', {
    timeout: 120_000,
  }, async () => {
    const place = await modes[mode](ground);
    const workflow: WorkflowDocument = {
      name: 'survivor',
      steps: [
        { id: 'a', handler: 'core.wait', config: { signal: 'go' } },
        {
          id: 'b',
          handler: 'core.set',
          queue: 'b',
          dependencies: ['a'],
          config: { value: '${steps.a.output}' },
        },
      ],
      output: '${steps.b.output}',
    };
    let run = 0;
    const execution = fc.record({ begun: fc.boolean(), payload: fc.string() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(execution, { maxLength: 4 }),
        fc.nat({ max: 4 }),
        async (executions, count) => {
          const queue = `queue-${++run}`;
          // Works on executions, not on the tasks.
          const before = await openPlatform(place, {
            worker: { unified: false, queues: ['executions', 'b'] },
          });
          const accepting = await openPlatform({ ...place, VWMP_IN_PROCESS_WORKER: 'false' });
          const ids: string[] = [];
          for (const { begun } of executions) {
            const { execution_id } = await (begun ? before : accepting).start(workflow);
            ids.push(execution_id);
          }
          for (let n = 0; n < count; n++) await before.queue.enqueue(queue, { name: 'count', payload: n });
          expect((await before.queue.counts(queue)).waiting).toBe(count);
          await before.close();
          await accepting.close();

          const ran: JsonValue[] = [];
          const tasks = { count: async (payload: JsonValue) => ran.push(payload) };
          const after = await openPlatform(place, { tasks, worker: { lease: 500 } });
          const survived = mode === 'full' ? count : 0;
          for (const [index, id] of ids.entries()) {
            const { payload } = executions[index]!;
            await after.signal(id, 'go', payload);
            expect(await after.wait(id)).toMatchObject({ status: 'success', output: payload });
          }
          await expect.poll(() => ran.length, { timeout: 60_000, interval: 5 }).toBe(survived);
          const { waiting, active, delayed } = await after.queue.counts(queue);
          expect(waiting + active + delayed).toBe(0);
          await after.close();
          expect(ran.length).toBe(survived);
        },
      ),
      runs,
    );
  });
});

describe('property 7', () => {
  it('7: the settings of each mode start the matching backends', { timeout: 120_000 }, async () => {
    const places = {
      lightweight: await modes.lightweight(ground),
      hybrid: await modes.hybrid(ground),
      full: await modes.full(ground),
    };
    const known = { ...places.hybrid, ...places.full, ...places.lightweight };
    const storages = { lightweight: 'sqlite', hybrid: 'postgresql', full: 'postgresql' } as const;
    let run = 0;
    const choice = fc.record({
      mode: fc.constantFrom('lightweight', 'hybrid', 'full'),
      database: fc.constantFrom(undefined, 'sqlite', 'postgresql', 'file', 'memory'),
      queue: fc.constantFrom(undefined, 'memory', 'redis'),
    });
    await fc.assert(
      fc.asyncProperty(choice, async ({ mode, database, queue }) => {
        const id = `run-${++run}`;
        const folder = ground.folder();
        const place: Place = {
          ...known,
          ...{ VWMP_DEPLOYMENT_MODE: mode, VWMP_FILE_PATH: folder, VWMP_SQLITE_PATH: `${folder}/vwmp.db` },
          ...(database && { VWMP_DATABASE_BACKEND: database }),
          ...(queue && { VWMP_QUEUE_BACKEND: queue }),
        };
        const expected = {
          database: database ?? storages[mode],
          queue: queue ?? (mode === 'full' ? 'redis' : 'memory'),
        };
        const worker = { unified: false, queues: ['executions'] };
        const one = await openPlatform(place, { worker });
        const other = await openPlatform(place, { worker });
        // A worker listens a moment after it was opened.
        await expect
          .poll(() => one.health(), { timeout: 20_000, interval: 5 })
          .toMatchObject({ ready: true });
        const health = await one.health();
        expect(Object.fromEntries(health.parts.map(({ name, backend }) => [name, backend]))).toMatchObject(
          expected,
        );

        // Not by name only: what is shared with another platform of the same settings, and what is on disk.
        await save(one, { id, name: id, steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }] });
        expect((await other.storage.workflows.get(id)) !== undefined).toBe(expected.database !== 'memory');
        await one.queue.enqueue(id, { name: 'none', payload: null });
        expect((await other.queue.counts(id)).waiting).toBe(expected.queue === 'redis' ? 1 : 0);
        const task = await one.queue.getTask(id, 1000);
        await one.queue.markComplete(task!);
        expect(existsSync(`${folder}/vwmp.db`)).toBe(expected.database === 'sqlite');
        expect(existsSync(`${folder}/.vwmp`)).toBe(expected.database === 'file');
        const { execution_id } = await one.start(id);
        expect((await one.wait(execution_id)).status).toBe('success');
        await Promise.all([one.close(), other.close()]);
      }),
      runs,
    );
  });
});

describe('properties 9 and 10', () => {
  const platforms: Platform[] = [];
  beforeAll(async () => {
    for (const mode of bothModes)
      platforms.push(await openPlatform(await modes[mode](ground), { plugins: [checks] }));
  });
  afterAll(() => Promise.all(platforms.map((platform) => platform.close())));

  const link = fc.oneof(
    fc.webUrl(),
    fc.string(),
    fc.constantFrom('example.test', ' https://example.test/a b '),
  );
  const text: fc.Arbitrary<Text> = fc.record({
    title: fc.oneof(fc.string(), fc.constantFrom('', ' ', 'Title')),
    links: fc.array(link, { maxLength: 4 }),
    strict: fc.boolean(),
  });

  const validate = (id: string, of: string, more: object = {}): WorkflowDocument['steps'][number] => ({
    ...{ id, handler: 'check.validate', queue: 'validation', config: { text: of } },
    ...{ retry: { attempts: 2, delay: 1 }, ...more },
  });

  it('9: validation gives the same results in lightweight and full mode', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), async (texts) => {
        await expectSame({
          name: 'validation',
          config: { texts: texts as never },
          steps: [
            validate('first', '${config.texts[0]}'),
            validate('each', '${item}', { foreach: '${config.texts}' }),
            {
              id: 'late',
              handler: 'core.set',
              dependencies: ['first', 'each'],
              join: 'done',
              config: { value: '${steps.first.status}' },
            },
          ],
        });
      }),
      runs,
    );
  });

  it('10: healing gives the same results in lightweight and full mode', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        await expectSame({
          name: 'healing',
          config: { text: given as never },
          steps: [
            validate('before', '${config.text}', { required: false }),
            {
              id: 'heal',
              handler: 'check.heal',
              queue: 'healing',
              dependencies: ['before'],
              config: { text: '${config.text}' },
            },
            validate('after', '${steps.heal.output}', { dependencies: ['heal'] }),
          ],
          output: '${steps.heal.output}',
        });
      }),
      runs,
    );
  });

  async function expectSame(document: WorkflowDocument): Promise<void> {
    const results = await Promise.all(
      platforms.map(async (platform) => {
        const { execution_id } = await platform.start(document);
        return comparable(await platform.wait(execution_id));
      }),
    );
    expect(results[0]).toEqual(results[1]);
  }
});

/** What is the same wherever and whenever it ran. */
function comparable({ steps, started_at: _s, completed_at: _c, id: _id, ...execution }: Execution): unknown {
  const timeless = Object.entries(steps).map(([id, { started_at: _s, completed_at: _c, ...step }]) => [
    id,
    step,
  ]);
  return { ...execution, steps: Object.fromEntries(timeless) };
}
