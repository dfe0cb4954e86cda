import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JsonObject } from '@vwmp/core';
import { openExample } from '../testing/example.ts';
import { createAudit } from './plugin/index.ts';
import type { Totals } from './plugin/model.ts';

/** Writes files into a new workspace and audits them. */
export async function audit(
  files: Readonly<Record<string, string | Uint8Array>>,
  parameters: JsonObject = {},
) {
  const example = await openExample('markdown-audit', [createAudit()]);
  for (const [path, content] of Object.entries(files)) {
    const absolute = join(example.workspace, path);
    await mkdir(dirname(absolute), { recursive: true });
    await writeFile(absolute, content);
  }
  const execution = await example.run(parameters);
  const totals = execution.steps.totals?.output as unknown as Totals;
  const read = (name: string) => readFile(join(example.workspace, 'reports/markdown-audit', name), 'utf8');
  return { ...example, execution, totals, read };
}

/** What was found, as `kind file:line`. */
export async function findings(
  files: Readonly<Record<string, string>>,
  parameters?: JsonObject,
): Promise<string[]> {
  const { totals } = await audit(files, parameters);
  return totals.problems.map(({ kind, file, line }) => `${kind} ${file}:${line}`);
}
