import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasCode } from '../errors.ts';
import type { Execution } from '../model/execution.ts';
import type { JsonObject } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import { WorkflowEngine } from './engine.ts';

interface Case {
  name: string;
  workflow: WorkflowDocument;
  parameters?: JsonObject;
  invalid?: { code: string; path: string }[];
  expect?: JsonObject & { before?: [string, string][] };
}

const folder = new URL('../../../../conformance/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe.each(files)('conformance: %s', (file) => {
  const cases = parse(readFileSync(new URL(file, folder), 'utf8')) as Case[];
  it.each(cases.map((each) => [each.name, each] as const))(
    '%s',
    async (_name, { workflow, parameters, invalid, expect: expected }) => {
      const order: string[] = [];
      const engine = new WorkflowEngine();
      engine.attach({
        onStepStarted: (event) => order.push(`start ${event.step_id}`),
        onStepCompleted: (event) => order.push(`settle ${event.step_id}`),
        onStepFailed: (event) => order.push(`settle ${event.step_id}`),
        onStepSkipped: (event) => order.push(`settle ${event.step_id}`),
      });
      const run = engine.executeWorkflow(workflow, parameters);
      if (invalid) {
        const error: unknown = await run.then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(hasCode(error, 'DOCUMENT_INVALID') || hasCode(error, 'PARAMETERS_INVALID')).toBe(true);
        const found = (error as { details: Problem[] }).details.map(({ code, path }) => ({ code, path }));
        expect(found).toEqual(expect.arrayContaining(invalid));
        return;
      }
      const execution: Execution = await run;
      const { before = [], ...rest } = expected!;
      expect(execution).toMatchObject(rest);
      for (const [first, second] of before) {
        expect(order.indexOf(`settle ${first}`)).toBeGreaterThanOrEqual(0);
        expect(order.indexOf(`settle ${first}`)).toBeLessThan(order.indexOf(`start ${second}`));
      }
    },
  );
});
