import { expect, it } from 'vitest';
import { areas, areasNamed } from './areas/index.ts';
import { readOptions } from './options.ts';

it('measures an area, or all of them', () => {
  expect(areasNamed('core').map(({ name }) => name)).toEqual(['core']);
  expect(areasNamed('all')).toEqual(areas);
  expect(areasNamed('nothing')).toEqual([]);
});

it('refuses what would be lost', () => {
  expect(readOptions(['all', '--write'])).toMatchObject({ area: 'all', scenarios: [], write: true });
  expect(() => readOptions(['all', 'import'])).toThrow(TypeError);
  expect(() => readOptions(['all', '--json', 'file'])).toThrow(TypeError);
  expect(() => readOptions(['core', 'import', '--write'])).toThrow(TypeError);
});
