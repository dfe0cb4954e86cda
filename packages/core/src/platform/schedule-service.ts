import type { JsonObject } from '../model/json.ts';
import { parseDuration } from '../values/duration.ts';
import type { ExecutionService } from './execution-service.ts';
import { fillIn } from './fill-in.ts';
import type { PlatformParts } from './parts.ts';
import type { Schedules } from './platform.ts';
import type { Scheduler } from './schedules/index.ts';
import { followInterval, refreshInterval } from './schedules/intervals.ts';
import { Lookout } from './schedules/lookout.ts';

/** How often documents in a folder are read again, in milliseconds: whoever edits them tells nobody. */
const followFolder = parseDuration('1m')!;

/** The schedules of a platform, and what carries them out, which is loaded once there is one. */
export interface ScheduleService extends Schedules {
  open(): Promise<void>;
  close(): Promise<void>;
  changed(workflowId: string): Promise<void>;
  /** Others have changed something. As long as there is no schedule nothing else listens. */
  look(): void;
}

/** @param loaded - gives what starts executions */
export function createScheduleService(
  parts: PlatformParts,
  loaded: () => ExecutionService | Promise<ExecutionService>,
): ScheduleService {
  const { storage, workflows, clock, logger, host } = parts;
  const { schedules } = storage;
  const follow = workflows === storage.workflows ? followInterval : followFolder;
  let made: Promise<Scheduler> | undefined;
  let working = false;

  const make = async (): Promise<Scheduler> => {
    const { createScheduler } = await import('./schedules/index.ts');
    return createScheduler({
      ...{ workflows, schedules, executions: storage.executions, clock, logger, followInterval: follow },
      ...{ bus: parts.bus, storage },
      parse: async (text) => (await loaded()).document(text),
      glance: async (text) => (await import('../language/parse.ts')).parseDocument(text).value,
      async start(workflowId, parameters, options) {
        const { acceptance } = await loaded();
        const { document } = await acceptance.workflow(workflowId);
        const { config = {} } = document;
        const { env = {} } = host.options;
        const filled = await fillIn(parameters, { config, env, trigger: options.trigger });
        return acceptance.start(workflowId, filled as JsonObject, options);
      },
    });
  };
  const scheduler = async (): Promise<Scheduler> => {
    made ??= make();
    const ready = await made;
    if (!working) return ready;
    void lookout.close();
    await ready.open();
    return ready;
  };
  const lookout = new Lookout({
    ...{ workflows, schedules, clock, lookInterval: refreshInterval, followInterval: follow },
    async found() {
      await scheduler().catch((error: unknown) => {
        logger.log('error', 'Schedules cannot be carried out here.', { error: String(error) });
      });
    },
  });
  /** Where a store does not say, the scheduler does, and tries again. */
  const concerns = (id: string): Promise<boolean> => lookout.concerns(id).catch(() => true);

  return {
    async open() {
      working = true;
      lookout.open();
    },
    async close() {
      working = false;
      await lookout.close();
      await (await made)?.close();
    },
    async changed(workflowId) {
      try {
        if (made !== undefined || (await concerns(workflowId))) await (await scheduler()).sync(workflowId);
      } catch (error) {
        // The document is saved; schedulers look at all of them now and then.
        logger.log('warn', 'Schedules of a workflow are out of date.', {
          workflow_id: workflowId,
          error: String(error),
        });
      }
    },
    look: () => lookout.again(),
    list: (query) => schedules.list(query),
    explain: async (id, options) => (await scheduler()).explain(id, options),
    locate: async (id, document) => (await scheduler()).locate(id, document),
    pause: async (id) => (await scheduler()).pause(id),
    resume: async (id) => (await scheduler()).resume(id),
  };
}
