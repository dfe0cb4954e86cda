import { expect, test } from 'vitest';
import { checkNode } from './driver.ts';

test('a Node on which the driver would crash is refused', () => {
  expect(() => checkNode({ napi: '9', node: '22.13.1' })).toThrow(
    expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('22.14') }),
  );
  checkNode({ napi: '10', node: '22.14.0' });
  checkNode(process.versions);
});
