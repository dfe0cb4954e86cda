import type { Execution } from '@vwmp/core';
import { expect, test } from 'vitest';
import { read } from '../document/index.ts';
import { previewTemplate } from './preview.ts';

const { document } = read(`
name: x
config: { base: "https://x.test" }
parameters: [{ name: env, type: string }, { name: token, type: secret }]
steps:
  - { id: a, handler: http.request }
  - { id: b, handler: http.request }
  - { id: c, handler: http.request }
  - { id: each, handler: core.log, foreach: "\${steps.a.output.list}" }
`);
const execution = {
  parameters: { env: 'prod', token: '***' },
  steps: {
    a: {
      status: 'success',
      attempts: 1,
      output: { list: [{ n: 7 }, { n: 8 }], text: '${not.an.expression}' },
    },
    b: { status: 'failed', attempts: 1, error: { code: 'HTTP_TIMEOUT', message: 'too ${late}' } },
    c: { status: 'skipped', attempts: 0 },
  },
} as unknown as Execution;

test.each([
  ['${config.base}/${parameters.env}', { value: 'https://x.test/prod' }],
  ['${size(steps.a.output.list) + 1}', { value: 3 }],
  ['${steps.a.output.text}', { value: '${not.an.expression}' }],
  ['${steps.b.error.code}: ${steps.b.error.message}', { value: 'HTTP_TIMEOUT: too ${late}' }],
  ['${steps.c.status}', { value: 'skipped' }],
  ['${secrets.KEY}', { value: '***' }],
  ['${steps.a.output.nothing}', { error: expect.stringContaining('nothing') }],
  ['${steps.a.', { error: expect.any(String) }],
  ['${steps.missing.output}', { error: expect.stringContaining('missing') }],
])('%s', async (template, expected) => {
  expect(await previewTemplate(template, document, execution)).toEqual(expected);
});

test('a template of a loop is filled in for the first item', async () => {
  expect(await previewTemplate('${item.n} at ${index}', document, execution, 'each')).toEqual({
    value: '7 at 0',
  });
});
