import { getEventListeners } from 'node:events';
import { settledMemory } from '../../measure/memory.ts';
import { expect, readTask, report } from '../program.ts';

export interface HandlesOptions {
  /** Pairs before the first look: V8 compiles and learns for some hundred of them, which looks like a leak. */
  warmUp: number;
  pairs: number;
}

/** What is left over. */
export interface HandlesReport {
  /** Handles, timers and requests of the event loop. */
  resources: number;
  /** Listeners of the process and of the AbortSignal that all executions were given. */
  listeners: number;
  /** Bytes of heap in use after so many pairs of engines. */
  points: [pairs: number, heap: number][];
  left: string[];
}

const { core, options } = await readTask<HandlesOptions>();
const { warmUp, pairs } = options;
const { signal } = new AbortController();

const source = `
name: short
timeout: 1m
steps:
  - { id: a, handler: core.set, config: { value: "\${1 + 1}" } }
  - { id: b, handler: core.sleep, config: { duration: 1ms }, timeout: 30s }
`;
const waiting = {
  name: 'waiting',
  steps: [{ id: 'a', handler: 'core.wait', timeout: '1h', config: { signal: 'go' } }],
};

/** Two at a time: one does its work, the other is closed with an execution that still waits. */
async function makeAndClose(): Promise<void> {
  const one = new core.WorkflowEngine();
  const two = new core.WorkflowEngine();
  const detach = one.attach({ onEvent: () => {} });
  two.attach({ onEvent: () => {} });
  const [execution, handle] = await Promise.all([
    one.executeWorkflow(source, {}, { signal }),
    two.startWorkflow(waiting, {}, { signal }),
  ]);
  expect([execution.status, execution.steps.a?.output], ['success', 2], 'execution');
  detach();
  await Promise.all([one.close(), two.close()]);
  expect((await handle.result).status, 'cancelled', 'closed while it waited');
}

const listenerCount = (): number =>
  process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0) +
  getEventListeners(signal, 'abort').length;
// Writing to a pipe comes and goes on its own; nothing of it belongs to an engine.
const resources = (): string[] => process.getActiveResourcesInfo().filter((name) => !name.startsWith('Pipe'));

for (let i = 0; i < warmUp; i++) await makeAndClose();
const points: HandlesReport['points'] = [[0, (await settledMemory()).heap]];
const before = { resources: resources(), listeners: listenerCount() };
for (let i = 1; i <= pairs; i++) {
  await makeAndClose();
  if (i % 10 === 0) points.push([i, (await settledMemory()).heap]);
}
await settledMemory();
const left = resources();

report({
  resources: left.length - before.resources.length,
  listeners: listenerCount() - before.listeners,
  points,
  left,
} satisfies HandlesReport);
