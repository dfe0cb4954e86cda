import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { expect, test } from 'vitest';
import { createReport } from './report.ts';
import { checkSchema } from './schema-valid.ts';
import { workflowSchema } from './workflow-schema.ts';

const file = join(import.meta.dirname, '../../schema/workflow.schema.json');

test('the published schema is current', () => {
  // `vitest run -u src/language/workflow-schema.test.ts` writes it; then format it.
  const { snapshotState } = expect.getState() as unknown as {
    snapshotState: { snapshotUpdateState: string };
  };
  if (snapshotState.snapshotUpdateState === 'all')
    writeFileSync(file, `${JSON.stringify(workflowSchema, null, 2)}\n`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(workflowSchema);
});

test('it uses keywords of JSON Schema only, and says something about every key', () => {
  const report = createReport(null, undefined, [], 100);
  const { $id, ...schema } = workflowSchema as Record<string, unknown>;
  expect($id).toMatch(/^https:/);
  checkSchema(schema, [], report);
  expect(report.problems()).toEqual([]);
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { properties } = value as { properties?: Record<string, { description?: string }> };
    for (const [key, inner] of Object.entries(properties ?? {}))
      expect(inner.description, key).toMatch(/\.$/);
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(schema);
});

test.each([
  { name: 'x', steps: [{ id: 'a', handler: 'b.c', when: true, foreach: [1], timeout: 5 }] },
  { name: 'x', version: '1.2.3-rc.1+5', steps: [{ id: 'a-b', handler: 'b.c', dependencies: ['c:error'] }] },
  {
    name: 'x',
    steps: [{ id: 'a', handler: 'b.c' }],
    triggers: [{ schedule: '* * * * *' }, { webhook: 'a/b', when: 'true', signature: 'none' }],
  },
  {
    name: 'x',
    steps: [{ id: 'a', handler: 'b.c' }],
    parameters: [{ name: 'n', type: 'enum', options: [1, { value: null, label: 'x' }] }],
  },
])('it accepts %j', (document) => {
  expect(new Validator(workflowSchema as object, '2020-12', false).validate(document).errors).toEqual([]);
});

test.each([
  { name: '', steps: [{ id: 'a', handler: 'b' }] },
  { name: 'x', steps: [] },
  { name: 'x', steps: [{ id: '1', handler: 'b' }] },
  { name: 'x', steps: [{ id: 'a', handler: 'b', timeout: 'soon' }] },
  { name: 'x', stepz: 1, steps: [{ id: 'a', handler: 'b' }] },
])('it refuses %j', (document) => {
  expect(new Validator(workflowSchema as object, '2020-12', false).validate(document).valid).toBe(false);
});
