import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { corePlugin } from '../handlers/index.ts';
import { PluginRegistry } from '../plugin/registry.ts';
import { checkParameters, parseDocument, validateWorkflow, workflowSchema } from './index.ts';

interface Case {
  name: string;
  workflow: unknown;
  parameters?: Record<string, unknown>;
  invalid?: { code: string; path: string }[];
}

const folder = join(import.meta.dirname, '../../../../conformance');
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) =>
    (parse(readFileSync(join(folder, file), 'utf8'), { merge: true }) as Case[]).map((each) => ({
      ...each,
      file,
    })),
  );

const catalog = new PluginRegistry();
catalog.add(corePlugin);

function problemsOf(workflow: unknown, parameters: unknown) {
  const { problems, document } = validateWorkflow(workflow, catalog);
  return [...problems, ...(document ? checkParameters(document.parameters, parameters).problems : [])];
}

test.each(cases)('$file: $name', ({ workflow, parameters, invalid }) => {
  const problems = problemsOf(workflow, parameters);
  const found = problems.map(({ code, path }) => ({ code, path }));
  if (invalid) expect(found).toEqual(expect.arrayContaining(invalid));
  else expect(problems).toEqual([]);
  // The same from text, and then every problem has its place.
  const source = parseDocument(JSON.stringify(workflow, null, 2));
  expect(source.problems.filter(({ code }) => code !== 'UNSAFE_KEY')).toEqual([]);
  const located = problemsOf(source, parameters);
  expect(located.map(({ code, path }) => ({ code, path })).sort(byText)).toEqual(found.sort(byText));
  for (const problem of located)
    if (!problem.code.startsWith('PARAMETER')) expect(problem.line).toBeGreaterThan(0);
});

test.each(cases.filter((each) => !each.invalid))(
  '$file: $name is accepted by the published schema',
  ({ workflow }) => {
    // It describes documents as they are written today: older spellings are normalised first.
    const { document } = validateWorkflow(workflow, catalog);
    expect(new Validator(structuredClone(workflowSchema) as object, '2020-12').validate(document)).toEqual({
      valid: true,
      errors: [],
    });
  },
);

function byText(a: object, b: object): number {
  return JSON.stringify(a).localeCompare(JSON.stringify(b));
}
