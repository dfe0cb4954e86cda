import { expect, it } from 'vitest';
import { readCheckOptions } from './options.ts';

it('reads what is asked for', () => {
  expect(readCheckOptions(['--base', 'main', '--comment', 'c.md'])).toEqual({
    base: 'main',
    comment: 'c.md',
    quick: false,
  });
  expect(readCheckOptions(['--prove']).prove).toBe(20);
  expect(readCheckOptions(['--prove', '3']).prove).toBe(3);
});

it('refuses what it does not know', () => {
  for (const args of [
    ['core'],
    ['--prove', '0'],
    ['--prove', '3', '4'],
    ['--bases', 'x'],
    ['--quick', '--base', 'main'],
  ]) {
    expect(() => readCheckOptions(args)).toThrow(TypeError);
  }
});
