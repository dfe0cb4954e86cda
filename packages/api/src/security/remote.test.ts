import { expect, test } from 'vitest';
import { remoteOf, thisMachine } from './remote.ts';

test.each([
  ['a connection', { remoteAddress: '10.0.0.7', localAddress: '10.0.0.1', destroyed: false }, '10.0.0.7'],
  ['one that was reset', { localAddress: '10.0.0.1', destroyed: false }, undefined],
  ['one that was reset and is over', { destroyed: true }, undefined],
  [
    'one that was reset, on systems that forget our side too',
    { destroyed: false, server: { address: () => ({ address: '0.0.0.0', family: 'IPv4', port: 80 }) } },
    undefined,
  ],
  ['one over a Unix socket', { destroyed: false, server: { address: () => '/run/api' } }, thisMachine],
  [
    'one over a Unix socket that was given',
    { destroyed: false, server: { address: () => null } },
    thisMachine,
  ],
  ['none', undefined, undefined],
  ['none any more', null, undefined],
  ['what is no socket', {}, undefined],
])('where %s comes from', (_name, connection, expected) => {
  expect(remoteOf(connection)).toBe(expected);
});
