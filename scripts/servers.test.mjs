import { expect, test } from 'vitest';
import { needServers } from './lib/servers.mjs';

const files = ['packages/queue-redis/src/outage.test.ts', 'packages/db-postgres/test/pool.test.ts'];

test.each([
  [[], true],
  [['packages/queue-redis'], true],
  [['./packages/db-postgres/test'], true],
  [['packages/core'], false],
  [['packages/core', 'packages/queue-redis'], true],
  [['outage'], true],
  [['--project', 'packages/core'], false],
  [['--project=packages/queue-redis'], true],
  [['--project', 'packages/queue-redis', 'outage'], true],
  [['--project', 'packages/queue-redis', 'pool'], false],
  [['--project=!packages/core'], true],
  [['-t', 'join'], true],
  [['-t', 'join', 'packages/core'], false],
  [['--reporter=json', '--outputFile.json=x'], true],
])('with %j servers are needed: %s', (args, needed) => {
  expect(needServers(args, files)).toBe(needed);
});
