import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Execution, JsonObject, Problem } from '@vwmp/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { vwmp } from './testing/vwmp.ts';

interface Case {
  name: string;
  workflow: unknown;
  parameters?: JsonObject;
  invalid?: { code: string; path: string }[];
  expect?: JsonObject & { before?: [string, string][] };
}

const home = join(import.meta.dirname, '../../../conformance');
const cases = readdirSync(home)
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) =>
    (parse(readFileSync(join(home, file), 'utf8'), { merge: true }) as Case[]).map((each) => ({
      ...each,
      file,
    })),
  );

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'vwmp-conformance-'));
});
afterAll(() => rmSync(cwd, { recursive: true }));

// Each case is a process of its own, as it is for a user; several run at a time.
test.concurrent.each(cases)(
  '$file: $name',
  async ({ file, name, workflow, parameters = {}, invalid, expect: expected }) => {
    const params = join(cwd, `${cases.findIndex((each) => each.name === name && each.file === file)}.json`);
    writeFileSync(params, JSON.stringify(parameters));
    const { code, stdout, stderr } = await vwmp(['run', '-', '--json', '--params-file', params], {
      cwd,
      input: JSON.stringify(workflow),
    });
    const result: unknown = JSON.parse(stdout);
    if (invalid) {
      const { error } = result as { error: { code: string; details: Problem[] } };
      expect(code).toBe(2);
      expect(['DOCUMENT_INVALID', 'PARAMETERS_INVALID']).toContain(error.code);
      expect(error.details.map(({ code, path }) => ({ code, path }))).toEqual(
        expect.arrayContaining(invalid),
      );
      return;
    }
    const { before = [], ...rest } = expected ?? {};
    expect(result).toMatchObject(rest);
    expect(code).toBe((result as Execution).status === 'success' ? 0 : 1);
    const lines = stderr.split('\n').map((line) => line.split(' ').slice(1, 3).join(' '));
    for (const [first, second] of before) {
      const settled = lines.findIndex((line) =>
        new RegExp(`^step_(completed|failed|skipped) ${first}$`).test(line),
      );
      expect(settled).toBeGreaterThanOrEqual(0);
      expect(settled).toBeLessThan(lines.indexOf(`step_started ${second}`));
    }
  },
);
