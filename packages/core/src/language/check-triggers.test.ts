import { expect, test, vi } from 'vitest';
import { cronFault } from './cron.ts';
import { type Found, found, withDocument } from './testing/documents.ts';

// Some of these are heavy, and other packages are tested at the same time.
vi.setConfig({ testTimeout: 60_000 });

test.each<[object, boolean]>([
  [{ schedule: '0 6 * * MON-FRI', timezone: 'Europe/Berlin' }, true],
  [{ schedule: '*/5 0-6,12 1,15 JAN-mar mon-SUN' }, true],
  [{ schedule: '0 0 29 2 *' }, true],
  [{ schedule: '0 0 31 4 1' }, true],
  [{ schedule: '0 0 31 4,6 *' }, false],
  [{ schedule: '60 * * * *' }, false],
  [{ schedule: '* * * *' }, false],
  [{ schedule: '* * * * * *' }, false],
  [{ schedule: '@daily' }, true],
  [{ schedule: '@dayly' }, false],
  [{ schedule: '2030-01-01T00:00:00' }, false],
  [{ schedule: '5/15 * * * *' }, false],
  [{ schedule: '*/0 * * * *' }, false],
  [{ schedule: '10-5 * * * *' }, false],
  [{ schedule: '* * * * FOO' }, false],
  [{ schedule: '0 6 * * *', timezone: 'Europe/Berln' }, false],
  [{ schedule: '0 6 * * *', timezone: '+02:00' }, false],
])('the schedule %j is fine: %s', (trigger, fine) => {
  const codes = found(withDocument({ triggers: [trigger] })).map(([code]) => code);
  expect(codes).toEqual(fine ? [] : ['SCHEDULE_INVALID']);
});

test.each(['*/5 * * * * *', '0 0 * *', '@every 5m', '@reboot'])(
  '%s is told what a schedule needs',
  (schedule) => {
    expect(cronFault(schedule)).toMatch(
      /needs five fields: minute, hour, day of month, month, day of week; or one like @hourly, @daily, /,
    );
  },
);

test.each<[trigger: object, found: Found[]]>([
  [{ webhook: 'a', secret: '${secrets.HOOK}' }, []],
  [{ webhook: 'a', secret: '${secrets.HOOK}', signature: 'X-Gitea-Signature' }, []],
  [{ webhook: 'a', signature: 'none' }, []],
  [{ webhook: 'a/../.b/c', signature: 'none' }, [['VALUE', 'triggers.0.webhook']]],
  [{ webhook: 'a' }, [['REQUIRED', 'triggers.0.secret']]],
  [{ webhook: 'a', signature: 'github' }, [['REQUIRED', 'triggers.0.secret']]],
  [{ webhook: 'a', signature: 'none', secret: 'x' }, [['VALUE', 'triggers.0.signature']]],
  [{ webhook: 'a', signature: 'X Y', secret: 'x' }, [['VALUE', 'triggers.0.signature']]],
])('a webhook is open to anyone only where it says so: %j', (trigger, expected) => {
  expect(found(withDocument({ triggers: [trigger] }))).toEqual(expected);
});

test('each time zone is asked for once, and no more than some that do not exist', () => {
  const asked = vi.spyOn(Intl, 'DateTimeFormat');
  const trigger = (timezone: string) => ({ schedule: '0 6 * * *', timezone });
  const wrong = Array.from({ length: 3000 }, (_, n) => trigger(`Nowhere/N${n}`));
  const right = Array.from({ length: 3000 }, () => trigger('Europe/Berlin'));
  try {
    expect(found(withDocument({ triggers: right }))).toEqual([]);
    expect(asked.mock.calls.filter(([, options]) => options?.timeZone === 'Europe/Berlin')).toHaveLength(1);
    expect(found(withDocument({ triggers: wrong }))).toHaveLength(1000);
  } finally {
    asked.mockRestore();
  }
});
