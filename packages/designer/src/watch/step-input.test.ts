import type { Execution } from '@vwmp/core';
import { expect, test } from 'vitest';
import { read } from '../document/index.ts';
import { inputOf } from './step-input.ts';

const { document } = read(`
id: orders
name: Orders
parameters: [{ name: day, type: string }, { name: token, type: secret }]
steps:
  - { id: load, handler: http.request }
  - { id: send, handler: core.log, dependencies: [load], config: { message: "\${size(steps.load.output.list)} on \${parameters.day}", data: { key: "\${secrets.KEY}", token: "\${parameters.token}", by: "\${execution.id} at \${execution.started_at} of \${execution.workflow_id}" } } }
  - { id: mixed, handler: core.set, dependencies: [load], config: { value: 1, from: "\${trigger.who}", home: "\${env.HOME}", parameters: "\${parameters.env}", text: "env and trigger", none: "\${steps.load.output.nothing}" } }
  - { id: each, handler: core.log, dependencies: [load], foreach: "\${steps.load.output.list}", config: { message: "\${item.n} of \${index}" } }
  - { id: fired, handler: core.log, foreach: "\${[env.HOME]}", config: { message: "\${item}" } }
  - { id: plain, handler: core.log }
`);
const execution = {
  id: 'e1',
  workflow_id: 'orders',
  trigger: { who: 'Ann' },
  started_at: '2026-05-04T06:00:00.000Z',
  parameters: { day: 'Monday', token: '***' },
  steps: {
    load: { status: 'success', attempts: 1, output: { list: [{ n: 7 }, { n: 8 }] } },
    send: { status: 'success', attempts: 1, output: null },
  },
} as unknown as Execution;

test('what a step was given is computed from what was recorded; secrets stay secret', async () => {
  expect(await inputOf(document, execution, 'send')).toEqual({
    value: {
      message: '2 on Monday',
      data: { key: '***', token: '***', by: 'e1 at 2026-05-04T06:00:00.000Z of orders' },
    },
    unknown: [],
  });
  expect(await inputOf(document, execution, 'plain')).toEqual({ value: {}, unknown: [] });
  expect(await inputOf(document, execution, 'none')).toBeUndefined();
});

test('of a loop, it is what each item was given', async () => {
  expect(await inputOf(document, execution, 'each')).toEqual({
    value: [{ message: '7 of 0' }, { message: '8 of 1' }],
    unknown: [],
  });
});

test('what cannot be known is said, and the rest is told', async () => {
  expect(await inputOf(document, execution, 'mixed')).toEqual({
    value: { value: 1, from: 'Ann', text: 'env and trigger' },
    unknown: [
      { key: 'home', why: 'It reads "env", which is not recorded.' },
      { key: 'parameters', why: expect.stringContaining('env') },
      { key: 'none', why: expect.stringContaining('nothing') },
    ],
  });
  expect(await inputOf(document, execution, 'fired')).toEqual({
    value: {},
    unknown: [{ key: 'foreach', why: 'It reads "env", which is not recorded.' }],
  });
});
