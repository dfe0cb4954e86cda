import type { EventName, EventOf, ExecutionEvent } from '../model/event.ts';

/** The method of an observer for an event: `onStepCompleted` for `step_completed`. */
type MethodName<N extends string> = N extends `${infer Head}_${infer Tail}`
  ? `${Capitalize<Head>}${MethodName<Tail>}`
  : Capitalize<N>;

type Methods = { [N in EventName as `on${MethodName<N>}`]?: (event: EventOf<N>) => void };

/**
 * Watches executions. Every method is optional; `onEvent` gets every event. What a method throws, or a
 * promise that it returns rejects with, is logged and harms nothing. Events are frozen, and
 * shared among observers.
 *
 * @example
 * ```ts
 * engine.attach({ onStepFailed: ({ step_id, error }) => console.error(step_id, error.message) });
 * ```
 */
export interface ExecutionObserver extends Methods {
  onEvent?: (event: ExecutionEvent) => void;
}

const methodNames = new Map<string, keyof Methods>();

function methodName(event: EventName): keyof Methods {
  let name = methodNames.get(event);
  if (name === undefined) {
    const parts = event.split('_').map((part) => part.charAt(0).toUpperCase() + part.slice(1));
    name = `on${parts.join('')}` as keyof Methods;
    methodNames.set(event, name);
  }
  return name;
}

/** Calls one observer. */
export function notify(
  observer: ExecutionObserver,
  event: ExecutionEvent,
  onError: (error: unknown) => void,
): void {
  call(observer, 'onEvent', event, onError);
  call(observer, methodName(event.event), event, onError);
}

function call(
  observer: ExecutionObserver,
  name: keyof ExecutionObserver,
  event: ExecutionEvent,
  onError: (error: unknown) => void,
): void {
  try {
    const method = observer[name] as ExecutionObserver['onEvent'];
    if (method === undefined) return;
    const result: unknown = method.call(observer, event);
    if (result instanceof Promise) result.catch(onError);
  } catch (error) {
    onError(error);
  }
}
