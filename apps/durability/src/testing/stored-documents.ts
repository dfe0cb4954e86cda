import type { WorkflowDocument } from '@vwmp/core';

export type Document = WorkflowDocument & { id: string };

/** Workflows that are stored, so that others can start them. */
export const children: readonly Document[] = [
  {
    id: 'c-set',
    name: 'c',
    steps: [{ id: 's', handler: 'core.set', config: { value: 7 } }],
    output: '${steps.s.output}',
  },
  {
    id: 'c-fail',
    name: 'c',
    steps: [
      { id: 'w', handler: 'test.work', config: { ticks: 2 } },
      { id: 's', handler: 'core.fail', dependencies: ['w'] },
    ],
  },
  {
    id: 'c-wait',
    name: 'c',
    steps: [{ id: 's', handler: 'core.wait', config: { signal: 'go' } }],
    output: '${steps.s.output}',
  },
  {
    id: 'c-sleep',
    name: 'c',
    steps: [
      { id: 's', handler: 'core.sleep', config: { duration: '3s' } },
      { id: 't', handler: 'test.work', dependencies: ['s'], queue: 'far', config: { ticks: 2, value: 3 } },
    ],
    output: '${steps.t.output}',
  },
  {
    id: 'c-deep',
    name: 'c',
    steps: [
      {
        id: 's',
        handler: 'core.workflow',
        foreach: [1, 2],
        concurrency: 2,
        config: { workflow: 'c-limited' },
      },
      { id: 't', handler: 'core.workflow', config: { workflow: 'c-set', wait: false } },
      {
        id: 'u',
        handler: 'core.set',
        dependencies: ['s', 't'],
        config: { value: 1 },
        compensate: { handler: 'test.work', config: { ticks: 0 } },
      },
    ],
    output: '${steps.s.output}',
  },
  {
    id: 'c-limited',
    name: 'c',
    concurrency: { key: 'same', limit: 1 },
    steps: [
      { id: 's', handler: 'core.sleep', config: { duration: '2s' } },
      { id: 't', handler: 'test.work', dependencies: ['s'], config: { ticks: 3, value: 'l' } },
    ],
    output: '${steps.t.output}',
  },
  {
    id: 'c-skip',
    name: 'c',
    concurrency: { key: 'same', limit: 1, policy: 'skip' },
    steps: [{ id: 's', handler: 'core.sleep', config: { duration: '2s' } }],
  },
  {
    id: 'c-newest',
    name: 'c',
    concurrency: { key: 'same', limit: 1, policy: 'cancel' },
    steps: [
      {
        id: 's',
        handler: 'core.sleep',
        config: { duration: '2s' },
        compensate: { handler: 'test.work', config: { ticks: 0 } },
      },
    ],
  },
  {
    id: 'c-never',
    name: 'c',
    steps: [
      {
        id: 'u',
        handler: 'core.set',
        config: { value: 1 },
        compensate: { handler: 'test.work', config: { ticks: 3 } },
      },
      { id: 'v', handler: 'core.workflow', config: { workflow: 'c-sleep' }, dependencies: ['u'] },
      { id: 's', handler: 'core.wait', dependencies: ['u'], config: { signal: 'never' } },
      { id: 't', handler: 'test.nap', queue: 'far', config: { length: 1e9 } },
    ],
  },
  {
    id: 'c-undo',
    name: 'c',
    steps: [
      {
        id: 's',
        handler: 'core.set',
        config: { value: 1 },
        compensate: { handler: 'test.work', config: { ticks: 3 } },
      },
      { id: 't', handler: 'core.fail', dependencies: ['s'] },
    ],
  },
];

/** Uses what is loaded by its first use, and fails. */
export const warmingUp: WorkflowDocument = {
  name: 'warming up',
  parameters: [{ name: 'token', type: 'secret', default: 'hunter2-hunter2' }],
  steps: [
    { id: 'set', handler: 'core.set', queue: 'far', config: { value: '${[1].map(n, n)}' } },
    { id: 'emit', handler: 'core.emit', config: { signal: 'go' } },
    { id: 'wait', handler: 'core.wait', config: { signal: 'go' } },
    { id: 'switch', handler: 'core.switch', config: { cases: [] } },
    { id: 'child', handler: 'core.workflow', config: { workflow: 'c-set' } },
    { id: 'missing', handler: 'core.workflow', config: { workflow: 'c-missing' } },
    { id: 'fail', handler: 'core.fail' },
  ],
};
