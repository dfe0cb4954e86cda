import { expect, it } from 'vitest';
import { hrefOf, readRoute } from './route.ts';

it('reads what it writes, whatever ids look like', () => {
  const path = ['executions', 'a/b?c#d %'];
  const { path: read, query } = readRoute(
    hrefOf(path, { q: 'two words', status: 'failed,running', none: undefined }),
  );
  expect(read).toEqual(path);
  expect(Object.fromEntries(query)).toEqual({ q: 'two words', status: 'failed,running' });
});

it.each([
  ['', []],
  ['#/', []],
  ['#/workflows', ['workflows']],
  ['#/%E0%A4%A', ['%E0%A4%A']],
])('reads %j', (hash, path) => expect(readRoute(hash).path).toEqual(path));
