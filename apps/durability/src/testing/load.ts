import { type ErrorCode, hasCode, type VwmpError } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';

/** What somebody may be told when something that a platform needs is away. */
const clear: readonly ErrorCode[] = ['STORE_UNAVAILABLE', 'QUEUE_UNAVAILABLE'];

/** Executions that are started one after the other. */
export interface Load {
  /** Ids of those that were accepted, in that order. */
  readonly accepted: readonly string[];
  /** How many were refused, by code. */
  readonly refused: ReadonlyMap<string, number>;
  /** Starts no more; resolves when every start has been answered. */
  stop(): Promise<void>;
}

const workflow = {
  name: 'under load',
  parameters: [{ name: 'n', type: 'integer' as const }],
  steps: [
    { id: 'a', handler: 'core.set', config: { value: '${parameters.n + 1}' } },
    {
      id: 'b',
      handler: 'core.set',
      queue: 'other',
      dependencies: ['a'],
      config: { value: '${steps.a.output * 2}' },
    },
    { id: 'c', handler: 'core.sleep', dependencies: ['b'], config: { duration: 5 } },
  ],
  output: '${steps.b.output}',
};

/** What an execution of {@link startLoad} ends with. */
export function outputOf(id: string): number {
  return (Number(id.slice(id.lastIndexOf('-') + 1)) + 1) * 2;
}

/** @param clients - so many at a time */
export function startLoad(platform: Platform, clients: number): Load {
  const accepted: string[] = [];
  const refused = new Map<string, number>();
  const unclear: unknown[] = [];
  let count = 0;
  let stopped = false;

  const startOne = async (): Promise<string | undefined> => {
    const n = ++count;
    try {
      const { execution_id } = await platform.start(workflow, { n }, { id: `load-${n}` });
      accepted.push(execution_id);
      return execution_id;
    } catch (error) {
      if (!clear.some((code) => hasCode(error, code))) unclear.push(error);
      const { code } = error as VwmpError;
      refused.set(code, (refused.get(code) ?? 0) + 1);
      return undefined;
    }
  };
  const client = async (): Promise<void> => {
    while (!stopped) {
      const id = await startOne();
      // A client wants to know what came of it, but not at any price.
      if (id === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
      else await platform.wait(id, { timeout: 200 }).catch(() => {});
    }
  };
  const clientsDone = Promise.all(Array.from({ length: clients }, client));
  return {
    accepted,
    refused,
    async stop() {
      stopped = true;
      await clientsDone;
      if (unclear.length > 0)
        throw new AggregateError(unclear, `${unclear.length} starts had unclear answers.`);
    },
  };
}
