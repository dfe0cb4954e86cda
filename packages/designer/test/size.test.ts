// What a visitor has to load before anything is shown, and before the editor is: both are on every build.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import config from '../vite.config.ts';

let chunks: Map<string, Rollup.OutputChunk>;

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
}, 120_000);

/** A chunk and all that it imports at once. */
function withImports(names: readonly string[]): Set<string> {
  const found = new Set(names);
  for (const name of found) for (const other of chunks.get(name)?.imports ?? []) found.add(other);
  return found;
}

function kilobytes(names: Iterable<string>): number {
  let bytes = 0;
  for (const name of names) bytes += gzipSync(chunks.get(name)!.code, { level: 9 }).length;
  return Math.round(bytes / 102.4) / 10;
}

const named = (part: string): string => [...chunks.keys()].find((name) => name.includes(part))!;

test('the first load is at most 200 KB of compressed JavaScript', () => {
  const entry = [...chunks.values()].find(({ isEntry }) => isEntry)!.fileName;
  const size = kilobytes(withImports([entry]));
  console.log(`first load: ${size} KB`);
  expect(size).toBeLessThan(200);
});

test('what is heavy is loaded when it is used', () => {
  const entry = [...chunks.values()].find(({ isEntry }) => isEntry)!.fileName;
  const first = withImports([entry]);
  const editor = withImports([entry, named('workflow-editor')]);
  console.log(`with the editor: ${kilobytes(editor)} KB`);
  expect(kilobytes(editor)).toBeLessThan(260);
  for (const part of ['code-mirror', 'validate', 'cron']) expect(editor).not.toContain(named(part));
  expect(first).not.toContain(named('layout'));
});
