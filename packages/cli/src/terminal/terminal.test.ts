import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { folder } from '../testing/vwmp.ts';

const long = 'ü'.repeat(300_000);
/** Writes a long line, and says on stderr whether the network of Node was loaded for it. */
const program = `
  import { createTerminal } from ${JSON.stringify(join(import.meta.dirname, 'terminal.ts'))};
  const { out } = createTerminal([], () => process.exit(3));
  out.line('ü'.repeat(300_000));
  out.line(String(out.isTTY) + out.columns);
  await out.flush();
  process.exit(process.moduleLoadList.includes('NativeModule net') ? 1 : 0);
`;
const args = ['--no-warnings', '--input-type=module', '-e', program];

test('a file and a pipe get everything, without a stream', async () => {
  const cwd = folder();
  const file = openSync(join(cwd, 'out'), 'w');
  expect(spawnSync(process.execPath, args, { stdio: ['ignore', file, 'inherit'] }).status).toBe(0);
  closeSync(file);
  expect(readFileSync(join(cwd, 'out'), 'utf8')).toBe(`${long}\nfalse80\n`);
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, `${long}\nfalse80\n`]);
});

test.skipIf(process.platform === 'win32')(
  'a pipe that is full and does not wait gets everything',
  async () => {
    const path = join(folder(), 'pipe');
    expect(spawnSync('sh', ['-c', 'mkfifo "$0"', path]).status).toBe(0);
    const pipe = openSync(path, constants.O_RDWR);
    const waiting = program
      .replace('out.line', `await new Promise((resolve) => process.stdin.once('data', resolve));\n out.line`)
      .replace('await out.flush', `process.stderr.write('written');\n await out.flush`);
    const child = spawn(process.execPath, [...args.slice(0, -1), waiting], { stdio: ['pipe', pipe, 'pipe'] });
    await once(child, 'spawn');
    // Node makes this end not wait, and with it that of the child. Nothing is read yet.
    const reader = new Socket({ fd: pipe, readable: true });
    onTestFinished(() => void reader.destroy());
    child.stdin!.write('go');
    expect(String(await once(child.stderr!, 'data'))).toBe('written');
    let text = '';
    reader.setEncoding('utf8').on('data', (part: string) => (text += part));
    await once(child, 'exit');
    await vi.waitUntil(() => text.endsWith('false80\n'));
    expect(text).toBe(`${long}\nfalse80\n`);
  },
);

test('a reader that has gone is told of once', async () => {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.destroy();
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(3);
});
