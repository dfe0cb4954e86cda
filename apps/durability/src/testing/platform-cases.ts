import type { JsonValue, WorkflowDocument } from '@vwmp/core';
import type { Case } from './cases.ts';

/** A case that needs more than an engine: other queues, people, other executions. */
export interface PlatformCase extends Case {
  /** Sent to it, by name. */
  readonly signals?: Readonly<Record<string, JsonValue>>;
  /** Steps that are approved. */
  readonly approvals?: readonly string[];
}

/** Workflows that have to be stored for the cases. */
export const storedWorkflows: readonly (WorkflowDocument & { id: string })[] = [
  {
    id: 'double',
    name: 'double',
    parameters: [{ name: 'n', type: 'integer' }],
    steps: [
      { id: 'twice', handler: 'core.set', config: { value: '${parameters.n * 2}' } },
      {
        id: 'shown',
        handler: 'core.set',
        queue: 'other',
        dependencies: ['twice'],
        config: { value: '${steps.twice.output}' },
      },
    ],
    output: '${steps.shown.output}',
  },
  {
    id: 'failing',
    name: 'failing',
    steps: [{ id: 'bad', handler: 'core.fail', config: { message: 'no', code: 'NO_LUCK' } }],
  },
];

const cases: Omit<PlatformCase, 'file'>[] = [
  {
    name: 'a signal ends a wait',
    workflow: {
      name: 'wait',
      steps: [
        { id: 'a', handler: 'core.set', config: { value: 1 } },
        { id: 'b', handler: 'core.wait', dependencies: ['a'], config: { signal: 'go' } },
        { id: 'c', handler: 'core.set', dependencies: ['b'], config: { value: '${steps.b.output.n + 1}' } },
      ],
    },
    signals: { go: { n: 41 } },
    expect: {
      status: 'success',
      steps: { b: { output: { n: 41 } }, c: { output: 42 } },
      before: [
        ['a', 'b'],
        ['b', 'c'],
      ],
    },
  },
  {
    name: 'a person decides',
    workflow: {
      name: 'approval',
      steps: [
        { id: 'ask', handler: 'core.approval', config: { prompt: 'May it?' } },
        { id: 'yes', handler: 'core.set', dependencies: ['ask:approved'], config: { value: 'yes' } },
        { id: 'no', handler: 'core.set', dependencies: ['ask:rejected'], config: { value: 'no' } },
      ],
    },
    approvals: ['ask'],
    expect: { status: 'success', steps: { yes: { output: 'yes' }, no: { status: 'skipped' } } },
  },
  {
    name: 'a sleep that is worth parking for',
    workflow: {
      name: 'park',
      steps: [
        { id: 'sleep', handler: 'core.sleep', config: { duration: '1200ms' } },
        { id: 'after', handler: 'core.set', dependencies: ['sleep'], config: { value: 'awake' } },
      ],
    },
    expect: { status: 'success', steps: { after: { output: 'awake' } } },
  },
  {
    name: 'children of a foreach',
    workflow: {
      name: 'children',
      steps: [
        {
          ...{ id: 'each', handler: 'core.workflow', foreach: [1, 2, 3], concurrency: 2 },
          config: { workflow: 'double', parameters: { n: '${item}' } },
        },
      ],
      output: '${steps.each.output}',
    },
    expect: { status: 'success', output: [2, 4, 6] },
  },
  {
    name: 'a child that fails reaches its parent',
    workflow: {
      name: 'unlucky',
      steps: [
        { id: 'child', handler: 'core.workflow', config: { workflow: 'failing' } },
        {
          id: 'rescue',
          handler: 'core.set',
          dependencies: ['child:error'],
          config: { value: '${steps.child.error.code}' },
        },
      ],
    },
    expect: { status: 'success', steps: { child: { status: 'failed' }, rescue: { output: 'CHILD_FAILED' } } },
  },
  {
    name: 'steps of another queue',
    workflow: {
      name: 'elsewhere',
      steps: [
        { id: 'a', handler: 'core.set', queue: 'other', config: { value: 1 } },
        {
          id: 'b',
          handler: 'core.fail',
          queue: 'other',
          dependencies: ['a'],
          config: { until_attempt: 2 },
          retry: { attempts: 2, delay: 1 },
        },
        {
          id: 'c',
          handler: 'core.set',
          queue: 'other',
          dependencies: ['b'],
          foreach: [1, 2],
          config: { value: '${item * 2}' },
        },
        {
          id: 'd',
          handler: 'core.set',
          queue: 'other',
          dependencies: ['c'],
          repeat: { until: '${output == 2}' },
          config: { value: '${index + 1}' },
        },
      ],
    },
    expect: {
      status: 'success',
      steps: { b: { attempts: 2 }, c: { output: [2, 4] }, d: { output: 2 } },
      before: [
        ['a', 'b'],
        ['b', 'c'],
      ],
    },
  },
  {
    name: 'a wait that begins and ends in another queue',
    workflow: {
      name: 'wait elsewhere',
      steps: [{ id: 'a', handler: 'core.wait', queue: 'other', config: { signal: 'go' } }],
      output: '${steps.a.output}',
    },
    signals: { go: 'on' },
    expect: { status: 'success', output: 'on' },
  },
];

/** What the cases of the language do not have. */
export const platformCases: readonly PlatformCase[] = cases.map((each) => ({ file: 'platform', ...each }));
