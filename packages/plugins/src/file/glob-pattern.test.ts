import { describe, expect, it } from 'vitest';
import { createMatcher } from './glob-pattern.ts';

function matches(pattern: string | string[], path: string, dot = false): boolean {
  const matcher = createMatcher(pattern, dot);
  let progress: typeof matcher.start | undefined = matcher.start;
  for (const name of path.split('/')) {
    progress = matcher.advance(progress, name);
    if (progress === undefined) return false;
  }
  return matcher.isMatch(progress);
}

describe('a pattern', () => {
  it.each([
    ['a.txt', 'a.txt'],
    ['*.txt', 'a.txt'],
    ['*', 'a'],
    ['a*', 'a'],
    ['*a*b*', 'xxaxxbxx'],
    ['a?c', 'abc'],
    ['?', 'ä'],
    ['?', '😀'],
    ['[abc].txt', 'b.txt'],
    ['[a-cx]', 'x'],
    ['[!a-c]', 'd'],
    ['[^a-c]', 'd'],
    ['[]]', ']'],
    ['[a-]', '-'],
    ['[\\]]', ']'],
    ['[x', '[x'],
    ['\\*', '*'],
    ['a\\{b,c}', 'a{b,c}'],
    ['{a,b}.txt', 'b.txt'],
    ['{a,{b,c}d}', 'cd'],
    ['a{,b}', 'a'],
    ['{a}', '{a}'],
    ['{a,b', '{a,b'],
    ['(x)+.$^|', '(x)+.$^|'],
    ['src/*.ts', 'src/a.ts'],
    ['src/{a,b/c}.ts', 'src/b/c.ts'],
    ['**', 'a/b/c'],
    ['**/*.ts', 'a.ts'],
    ['**/*.ts', 'a/b/c.ts'],
    ['src/**', 'src/a/b'],
    ['src/**/*.ts', 'src/a.ts'],
    ['src/**/x/**/*.ts', 'src/a/x/x/b/c.ts'],
    ['**/**/a', 'a'],
    ['a**b', 'axxb'],
    ['./a//b', 'a/b'],
    ['src/', 'src/a/b'],
    ['.*', '.a'],
    ['.git/**', '.git/a/b'],
    ['\\.a', '.a'],
  ])('%s matches %s', (pattern, path) => {
    expect(matches(pattern, path)).toBe(true);
  });

  it.each([
    ['a.txt', 'aXtxt'],
    ['*.txt', 'a/b.txt'],
    ['*.txt', 'a.txt2'],
    ['a?c', 'ac'],
    ['?', '/'],
    ['[abc]', 'd'],
    ['[!a-c]', 'b'],
    ['[z-a]', 'm'],
    ['{a,b}', 'ab'],
    ['src/*.ts', 'src/a/b.ts'],
    ['src/**/*.ts', 'lib/a.ts'],
    ['A', 'a'],
    ['*', '.a'],
    ['?a', '.a'],
    ['[.]a', '.a'],
    ['**', 'a/.b/c'],
    ['**/*', '.a/b'],
    ['a', 'a/b'],
    ['a/b', 'a'],
  ])('%s does not match %s', (pattern, path) => {
    expect(matches(pattern, path)).toBe(false);
  });

  it('sees hidden names when it is told to', () => {
    expect(matches('**', 'a/.b/c', true)).toBe(true);
    expect(matches('?a', '.a', true)).toBe(true);
  });

  it('is one of several', () => {
    expect(matches(['a', 'b/**'], 'b/c')).toBe(true);
    expect(matches([], 'a')).toBe(false);
    // A pattern of its own must not lend its dot to the others.
    expect(matches(['.github/**', '**/*.js'], '.git/x.js')).toBe(false);
  });

  it.each(['../a', 'a/../b', '/etc/*', 'C:/x', '{a,../b}', '{a,/etc}'])('may not lead out: %s', (pattern) => {
    expect(() => createMatcher(pattern, false)).toThrow(
      expect.objectContaining({ code: 'FILE_PATTERN_INVALID' }),
    );
  });

  it('may not stand for too many', () => {
    expect(() => createMatcher('{a,b}'.repeat(30), false)).toThrow(
      expect.objectContaining({ code: 'FILE_PATTERN_INVALID' }),
    );
  });

  it.each([
    [`${'*a'.repeat(100)}b`, 'a'.repeat(255)],
    [`${'**/a/'.repeat(100)}b`, `${'a/'.repeat(500)}c`],
    ['['.repeat(1000), '['.repeat(255)],
    [`${'{'.repeat(1000)}a,b`, 'a'],
    [`${'[!x]*'.repeat(100)}y`, 'a'.repeat(255)],
  ])('takes no long time, however it is made: %#', (pattern, path) => {
    expect(matches(pattern, path)).toBe(false);
  });
});
