import type { Append, ExecutionStore, Storage, Woken } from '@vwmp/core/ports';

/** Where an execution and its children stop. */
export interface Freeze {
  /** Of events that were recorded of all of them together. */
  readonly at: number;
  /** Whether the append that reaches it is carried out, and only its return is missing. */
  readonly recorded: boolean;
}

/** Stops families of executions in the middle of an append, as a crash of the process does. */
export interface FreezingStorage {
  readonly storage: Storage;
  watch(id: string, freeze: Freeze): Promise<Stopped>;
}

/** How an execution stopped. */
export interface Stopped {
  /** Its end was recorded, or it is frozen from now on. */
  readonly how: 'ended' | 'frozen';
  /** How many events were recorded of it and its children together. */
  readonly events: number;
}

interface Family extends Freeze {
  readonly root: string;
  readonly stopped: PromiseWithResolvers<Stopped>;
  recordedEvents: number;
  frozen: boolean;
}

const never = new Promise<never>(() => {});

/** Wraps a storage that has yet to be opened. */
export function createFreezingStorage(storage: Storage): FreezingStorage {
  const { executions } = storage;
  const families = new Map<string, Family>();

  const stop = ({ stopped, recordedEvents: events }: Family, how: Stopped['how']): void =>
    stopped.resolve({ how, events });

  const append = async (given: Append): Promise<readonly Woken[]> => {
    const { id, completed_at } = given.summary;
    const parent = given.origin?.parent?.execution_id;
    const family = families.get(parent ?? id) ?? families.get(id);
    if (!family) return executions.append(given);
    if (family.frozen) return never;
    families.set(id, family);
    const reached = given.events.length > 0 && family.recordedEvents + given.events.length >= family.at;
    if (reached) family.frozen = true;
    if (!reached || family.recorded) {
      const woken = await executions.append(given);
      family.recordedEvents += given.events.length;
      if (!reached) {
        if (id === family.root && completed_at !== undefined) stop(family, 'ended');
        // While this was written another one may have frozen the family.
        return family.frozen ? never : woken;
      }
    }
    stop(family, 'frozen');
    return never;
  };

  return {
    storage: withExecutions(storage, overlay(executions, { append })),
    watch(id, freeze) {
      const stopped = Promise.withResolvers<Stopped>();
      families.set(id, { ...freeze, root: id, stopped, recordedEvents: 0, frozen: false });
      return stopped.promise;
    },
  };
}

/** The same storage with other executions. */
export function withExecutions(storage: Storage, executions: ExecutionStore): Storage {
  return overlay(storage, { executions });
}

/** The same object with some members replaced. */
export function overlay<T extends object>(object: T, members: Partial<T>): T {
  return new Proxy(object, {
    get(target, key) {
      if (key in members) return members[key as keyof T];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
