import { describe, expect, it } from 'vitest';
import type { Call } from './messages.ts';
import { createWasi, Exit } from './wasi.ts';

const base: Call = {
  function: 'run',
  input: Buffer.from('hello'),
  maxOutputBytes: 10,
  fresh: false,
  args: ['program', '-v'],
  env: { LANG: 'C' },
  now: 1_000,
  seed: 7,
};

/** A WASI with a memory of its own, and the functions without their types. */
function open(call: Partial<Call> = {}) {
  const memory = { buffer: new ArrayBuffer(65_536), grow: () => -1 };
  const view = new DataView(memory.buffer);
  const wasi = createWasi({ ...base, ...call }, () => memory);
  const run = (name: string, ...args: (number | bigint)[]): number =>
    wasi.imports[name]!(...(args as never[]));
  /** A list with one piece at 1024. */
  const piece = (length: number): number => {
    view.setUint32(0, 1024, true);
    view.setUint32(4, length, true);
    return 0;
  };
  const text = (at: number, length: number): string => Buffer.from(memory.buffer, at, length).toString();
  return { wasi, view, run, piece, text, memory };
}

describe('WASI', () => {
  it('reads the input and writes the output', () => {
    const { wasi, view, run, piece, text, memory } = open();
    expect(run('fd_read', 0, piece(3), 1, 16)).toBe(0);
    expect([view.getUint32(16, true), text(1024, 3)]).toEqual([3, 'hel']);
    expect(run('fd_read', 0, piece(100), 1, 16)).toBe(0);
    expect([view.getUint32(16, true), text(1024, 2)]).toEqual([2, 'lo']);
    run('fd_read', 0, piece(100), 1, 16);
    expect(view.getUint32(16, true)).toBe(0);
    Buffer.from(memory.buffer).write('out', 1024);
    expect(run('fd_write', 1, piece(3), 1, 16)).toBe(0);
    expect(run('fd_write', 2, piece(2), 1, 16)).toBe(0);
    expect([Buffer.from(wasi.output()).toString(), wasi.stderr()]).toEqual(['out', 'ou']);
  });

  it('tells arguments and environment', () => {
    const { view, run, text } = open();
    run('args_sizes_get', 0, 4);
    expect([view.getUint32(0, true), view.getUint32(4, true)]).toEqual([2, 11]);
    run('args_get', 0, 100);
    expect([view.getUint32(0, true), view.getUint32(4, true), text(100, 11)]).toEqual([
      100,
      108,
      'program\0-v\0',
    ]);
    run('environ_get', 0, 200);
    expect(text(200, 7)).toBe('LANG=C\0');
  });

  it('has a clock that stands, and the same random numbers for the same seed', () => {
    const random = (seed: number) => {
      const { run, text, view } = open({ seed });
      run('random_get', 0, 16);
      run('clock_time_get', 0, 1n, 100);
      expect(view.getBigUint64(100, true)).toBe(1_000_000_000n);
      return text(0, 16);
    };
    expect(random(7)).toBe(random(7));
    expect(random(7)).not.toBe(random(8));
  });

  it('has no files, sockets or other descriptors', () => {
    const { run, piece, wasi } = open();
    for (const name of Object.keys(wasi.imports).filter((each) => /^(path|sock)_/.test(each)))
      expect(run(name), name).toBe(8);
    for (const fd of [0, 3, 4, 1000, -1]) expect(run('fd_write', fd, piece(1), 1, 16)).toBe(8);
    for (const fd of [1, 3, -1]) expect(run('fd_read', fd, piece(1), 1, 16)).toBe(8);
    expect(run('fd_prestat_get', 3, 0)).toBe(8);
  });

  it('stops at the limits', () => {
    const { run, piece, wasi } = open();
    expect(() => run('fd_write', 1, piece(11), 1, 16)).toThrow(/more than 10 bytes/);
    for (let i = 0; i < 100; i++) run('fd_write', 2, piece(1_000), 1, 16);
    expect(wasi.stderr().length).toBeLessThanOrEqual(16_384);
    expect(() => run('fd_write', 1, 0xffff_fff0, 1, 16)).toThrow(RangeError);
    expect(() => run('random_get', 0, 1e9)).toThrow(RangeError);
    expect(() => run('proc_exit', 3)).toThrow(Exit);
  });
});
