import { appendFileSync, readFileSync } from 'node:fs';
import {
  definePlugin,
  type Handler,
  type HandlerContext,
  type HandlerModule,
  type JsonValue,
  type Plugin,
  type WorkflowDocument,
} from '@vwmp/core';
import { makePlatform } from './place.ts';

/** One call of a handler. */
export interface Call {
  /** Which process made it. */
  by: string;
  /** The idempotency key. */
  key: string;
  attempt: number;
  how: 'execute' | 'resume';
}

/** The handlers of `core` as `traced`: each call is written to a file before anything else happens, whoever is killed when. */
export async function createTracedPlugin(file: string, by: string): Promise<Plugin> {
  const { plugins } = await makePlatform({ VWMP_DATABASE_BACKEND: 'memory' });
  const [core] = [...plugins.plugins()].filter(({ name }) => name === 'core');
  const trace = ({ idempotencyKey: key, attempt }: HandlerContext, how: Call['how']): void =>
    appendFileSync(file, `${JSON.stringify({ by, key, attempt, how } satisfies Call)}\n`);
  const wrap = (handler: Handler): Handler => {
    const { execute, resume } = handler as HandlerModule<never>;
    const module: HandlerModule<never> = {
      execute(context) {
        trace(context, 'execute');
        return execute(context);
      },
      resume(context: HandlerContext<never>, payload: JsonValue) {
        trace(context, 'resume');
        return resume ? resume(context, payload) : payload;
      },
    };
    return Object.freeze({ ...handler, ...module });
  };
  const handlers = Object.fromEntries(
    Object.entries(core?.handlers ?? {}).map(([name, handler]) => [name, wrap(handler)]),
  );
  return definePlugin({ name: 'traced', handlers });
}

/** The document with `traced` handlers instead of those of `core`. */
export function traced<T extends WorkflowDocument>(document: T): T {
  return JSON.parse(JSON.stringify(document).replaceAll('"handler":"core.', '"handler":"traced.')) as T;
}

/** What was called, in the order of the calls. */
export function readCalls(file: string): Call[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Call);
}
