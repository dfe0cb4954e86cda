import { expect, test } from 'vitest';
import { checkRows, movedColumns, movedTable } from './rows.ts';

const event = { execution_id: 'e1', seq: 1, timestamp: 5, body: '{}' };

test('rows are taken when they are of the table', () => {
  expect(checkRows('events', [event])).toEqual([event]);
  expect(movedColumns('executions')).not.toContain('n');
  expect(movedTable('workflow_versions')).toBe('workflowVersions');
});

test('rows of anything else are refused, with what is wrong', () => {
  const cases: [object, string][] = [
    [{}, 'A row of "events" has null as "execution_id".'],
    [{ ...event, seq: '1' }, 'A row of "events" has "1" as "seq".'],
    [{ ...event, body: null }, 'A row of "events" has null as "body".'],
    [{ ...event, body: { a: 1 } }, 'A row of "events" has {"a":1} as "body".'],
    [{ ...event, 'x" = 1; --': 1 }, 'A row of "events" has a column "x" = 1; --".'],
    [{ ...event, n: 1 }, 'A row of "events" has a column "n".'],
  ];
  for (const [row, message] of cases) expect(() => checkRows('events', [row as never])).toThrow(message);
  expect(() => movedTable('sqlite_master')).toThrow('There is no table "sqlite_master"');
  expect(() => movedTable('tallies')).toThrow('There is no table "tallies"');
});
