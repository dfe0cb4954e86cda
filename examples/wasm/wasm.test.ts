import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createWasm } from '@vwmp/plugin-wasm';
import { expect, onTestFinished, test } from 'vitest';
import { openExample } from '../testing/example.ts';
import { nearest, sample } from './nearest.ts';
import { createVectors } from './plugin.ts';

test('finds the same in WebAssembly and in JavaScript', async () => {
  const wasm = createWasm();
  onTestFinished(() => wasm.close());
  const { run } = await openExample('wasm', [createVectors(wasm)]);
  for (const [count, dimensions] of [
    [300, 256],
    [1, 4],
    [2, 8],
  ] as const) {
    const execution = await run({ count, dimensions });
    expect(execution).toMatchObject({ status: 'success', steps: { same: { status: 'skipped' } } });
    const [first] = nearest(sample(count * dimensions, 2), dimensions);
    expect(execution.output).toMatchObject({ vectors: count, first: { place: first?.place } });
  }
  expect(wasm.counters.operations.get('nearest/wasm')?.count).toBe(3);
  expect(wasm.counters.operations.get('nearest/js')?.count).toBe(3);
  expect(wasm.counters.wasm_instantiates_total).toBeLessThanOrEqual(3);
});

test('the module needs nothing of its host but a way to give up', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--eval',
    `const bytes = require('node:fs').readFileSync(${JSON.stringify(join(import.meta.dirname, 'nearest.wasm'))});
     console.log(WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(({ module, name }) => module + '.' + name).join());`,
  ]);
  expect(stdout.trim()).toBe('env.abort');
});
