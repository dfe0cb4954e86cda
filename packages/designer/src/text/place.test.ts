import { expect, test } from 'vitest';
import { placeIn } from './place.ts';

const placeOf = (marked: string) => placeIn(marked.replace('|', ''), marked.indexOf('|'));

test.each([
  ['na|', { path: [], isValue: false, step: undefined }],
  ['name: x\nde|', { path: [], taken: new Set(['name']) }],
  ['steps:\n  - id: a\n    han|', { path: ['steps'], step: 'a', taken: new Set(['id']) }],
  [
    'steps:\n  - id: a\n    handler: htt|',
    { path: ['steps'], key: 'handler', isValue: true, handler: 'htt' },
  ],
  [
    'steps:\n- id: a\n  handler: x.y # z\n  config:\n    u|',
    { path: ['steps', 'config'], step: 'a', handler: 'x.y' },
  ],
  [
    'steps:\n  - id: a\n    handler: x\n  - id: b\n    retry:\n      at|',
    { path: ['steps', 'retry'], step: 'b' },
  ],
  [
    'steps:\n  - id: a\n    dependencies:\n      - |',
    { path: ['steps', 'dependencies'], isValue: true, step: 'a' },
  ],
  ['config:\n  steps:\n    a: |', { path: ['config', 'steps'], step: undefined }],
  ['parameters:\n  - name: a\n    ty|', { path: ['parameters'], step: undefined, taken: new Set(['name']) }],
  ['|', { path: [], isValue: false }],
])('%j', (marked, expected) => {
  expect(placeOf(marked)).toMatchObject(expected);
});
