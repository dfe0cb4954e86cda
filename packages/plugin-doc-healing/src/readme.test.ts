import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkflowEngine } from '@vwmp/core';
import { describe, expect, it } from 'vitest';
import { docHealing } from './index.ts';
import { git, makeFolder, makeRepository } from './testing/folder.ts';
import { before } from './testing/samples.ts';

const read = (path: string): string => readFileSync(join(import.meta.dirname, path), 'utf8');
const readme = read('../README.md');
const guide = read('../../../docs/doc-healing.md');

describe('the README', () => {
  it('lists each error code that a handler gives, and no other', () => {
    const sources = globSync('**/*.ts', { cwd: import.meta.dirname }).filter(
      (file) => !file.endsWith('.test.ts'),
    );
    const given = sources.flatMap((file) =>
      [...read(file).matchAll(/'(DOC_[A-Z_]+)'/g)].map(([, code]) => code),
    );
    const listed = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    expect(listed.sort()).toEqual([...new Set(given)].sort());
  });

  it('lists each handler', () => {
    const listed = [...readme.matchAll(/^\| `([a-z_.]+)` \|/gm)].map(([, path]) => path);
    expect(listed).toEqual(Object.keys(docHealing.handlers!).map((name) => `doc_healing.${name}`));
  });

  it('has an example that works', async () => {
    const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    const folder = makeFolder({ 'a.md': '```json\n{"a": 1,}\n```\n' });
    const body = code
      .replace(/^import .*$/gm, '')
      .replace("workspace: '.'", `workspace: ${JSON.stringify(folder)}`);
    // biome-ignore lint/security/noGlobalEval: it is the example
    const run = eval(
      `async (WorkflowEngine, docHealing) => {${body}\nawait engine.close();\nreturn output;}`,
    ) as (...given: unknown[]) => Promise<{ findings: unknown[]; patch: string }>;
    const { findings, patch } = await run(WorkflowEngine, docHealing);
    expect(findings).toMatchObject([{ kind: 'syntax', file: 'a.md', line: 2 }]);
    writePatch(folder, patch);
    expect(readFileSync(join(folder, 'a.md'), 'utf8')).toBe('```json\n{"a": 1}\n```\n');
  });
});

function writePatch(folder: string, patch: string): void {
  git(folder, 'init', '-q');
  const { writeFileSync } = process.getBuiltinModule('node:fs');
  writeFileSync(join(folder, 'x.patch'), patch);
  git(folder, 'apply', 'x.patch');
}

describe('the guide', () => {
  const documents = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);

  it('has workflows that are valid, the first of which runs', async () => {
    const { folder } = makeRepository(before);
    const engine = new WorkflowEngine({ plugins: [docHealing], workspace: folder });
    const loaded = await Promise.all(documents.map((text) => engine.load(text)));
    expect(loaded).toHaveLength(2);
    const execution = await engine.executeWorkflow(loaded[0]!);
    expect(execution).toMatchObject({ status: 'success', output: { findings: 0, healed: 0 } });
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain('Nothing is wrong in 2 files');
    await engine.close();
  });

  it('names every kind of finding', async () => {
    const { findingKinds } = await import('./check/finding.ts');
    for (const kind of findingKinds) expect(guide).toContain(`\`${kind}\``);
  });
});
