import { afterEach, expect, test, vi } from 'vitest';
import { withoutWarning } from './without-warning.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('only the one warning stays away, and only while it runs', () => {
  const told = vi.spyOn(process, 'emitWarning').mockReturnValue();
  const before = process.emitWarning;
  const say = (): void => process.emitWarning('SQLite is an experimental feature', 'ExperimentalWarning');
  const result = withoutWarning(/SQLite/, () => {
    say();
    process.emitWarning('SQLite is slow');
    process.emitWarning('Other things are new', 'ExperimentalWarning');
    process.emitWarning('SQLite is old', { type: 'DeprecationWarning', code: 'X1' });
    return 5;
  });
  expect(result).toBe(5);
  expect(told.mock.calls).toEqual([
    ['SQLite is slow'],
    ['Other things are new', 'ExperimentalWarning'],
    ['SQLite is old', { type: 'DeprecationWarning', code: 'X1' }],
  ]);
  expect(process.emitWarning).toBe(before);
  say();
  expect(told).toHaveBeenCalledTimes(4);
});

test('what is thrown comes through, and the warnings are back', () => {
  const before = process.emitWarning;
  const fail = (): never => {
    throw new Error('no');
  };
  expect(() => withoutWarning(/SQLite/, fail)).toThrow('no');
  expect(process.emitWarning).toBe(before);
});

test('a host that lets nobody replace it is left alone', () => {
  const own = Object.getOwnPropertyDescriptor(process, 'emitWarning')!;
  const kept = vi.fn();
  Object.defineProperty(process, 'emitWarning', { value: kept, writable: false, configurable: true });
  try {
    withoutWarning(/SQLite/, () => process.emitWarning('SQLite', 'ExperimentalWarning'));
    expect(kept).toHaveBeenCalledOnce();
  } finally {
    Object.defineProperty(process, 'emitWarning', own);
  }
});
