// What a visitor has to load before a page is shown, whichever is opened first: checked on every build.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import config from '../vite.config.ts';

/** In KB of compressed JavaScript. */
const most = 200;

let chunks: Map<string, Rollup.OutputChunk>;
let entry = '';

beforeAll(async () => {
  process.env.NODE_ENV = 'production';
  const built = await build({
    ...config,
    configFile: false,
    logLevel: 'error',
    root: join(import.meta.dirname, '../src/page'),
    build: { ...config.build, write: false },
  });
  const { output } = (Array.isArray(built) ? built[0] : built) as Rollup.RollupOutput;
  chunks = new Map(output.flatMap((part) => (part.type === 'chunk' ? [[part.fileName, part]] : [])));
  entry = [...chunks.values()].find(({ isEntry }) => isEntry)!.fileName;
}, 120_000);

/** Chunks and all that they import at once. */
function withImports(names: readonly string[]): Set<string> {
  const found = new Set(names);
  for (const name of found) for (const other of chunks.get(name)!.imports) found.add(other);
  return found;
}

function kilobytes(names: Iterable<string>): number {
  let bytes = 0;
  for (const name of names) bytes += gzipSync(chunks.get(name)!.code, { level: 9 }).length;
  return Math.round(bytes / 102.4) / 10;
}

/** The chunk that a module is in. @param module - end of its path, such as `pages/queues.tsx` */
function chunkOf(module: string): string {
  for (const [name, { moduleIds }] of chunks)
    if (moduleIds.some((id) => id.endsWith(`/src/${module}`))) return name;
  throw new Error(`No chunk has ${module}: a page was renamed, and this test has to follow.`);
}

/** By their address: the modules that are loaded on the way to the first sight of them. */
const pages: Readonly<Record<string, readonly string[]>> = {
  '#/': ['pages/dashboard.tsx'],
  '#/workflows': ['pages/workflows.tsx'],
  // All until something can be edited, though some of it comes after the first sight.
  '#/workflows/ID': [
    'pages/workflow.tsx',
    'pages/workflow-editor.tsx',
    'layout/layout.ts',
    'document/edits.ts',
  ],
  '#/workflows/ID?view=executions': ['pages/workflow.tsx', 'pages/workflow-executions.tsx'],
  '#/workflows/ID?view=versions': ['pages/workflow.tsx', 'pages/versions.tsx'],
  '#/executions': ['pages/executions.tsx'],
  '#/executions/ID': ['pages/execution.tsx'],
  '#/compare/ID/ID': ['pages/compare.tsx'],
  '#/approvals': ['pages/approvals.tsx'],
  '#/schedules': ['pages/schedules.tsx'],
  '#/queues': ['pages/queues.tsx'],
  '#/settings': ['pages/settings.tsx'],
};

test.each(Object.entries(pages))('%s loads at most 200 KB of compressed JavaScript', (address, modules) => {
  const size = kilobytes(withImports([entry, ...['app/start.tsx', ...modules].map(chunkOf)]));
  console.log(`${address}: ${size} KB`);
  expect(size).toBeLessThanOrEqual(most);
});

test('the first script, which asks for all others, waits for at most 8 KB', () => {
  expect(kilobytes(withImports([entry]))).toBeLessThanOrEqual(8);
});

test('every page is in the list', () => {
  const known = withImports([entry, ...['app/start.tsx', ...Object.values(pages).flat()].map(chunkOf)]);
  const others = chunks.get(entry)!.dynamicImports.filter((name) => !known.has(name));
  expect(others).toEqual([]);
});

test('what is heavy is loaded when it is used', () => {
  const editor = withImports([entry, ...pages['#/workflows/ID']!.map(chunkOf)]);
  for (const module of [
    'text/code-mirror.ts',
    'graph/validate.ts',
    'pages/run-dialog.tsx',
    'forms/step-panel.tsx',
    'forms/workflow-panel.tsx',
    'forms/cron.ts',
    'pages/text-difference.tsx',
    'pages/try-dialog.tsx',
  ])
    expect([...editor], module).not.toContain(chunkOf(module));
});
