import { expect, test } from 'vitest';
import { createLocalTime } from './local-time.ts';

test.each([
  ['UTC', '2030-01-01T00:00:00Z', '2030-01-01T00:00:00+00:00'],
  ['Europe/Berlin', '2030-07-01T22:30:00Z', '2030-07-02T00:30:00+02:00'],
  ['America/St_Johns', '2030-01-01T00:00:00Z', '2029-12-31T20:30:00-03:30'],
  ['Pacific/Kiritimati', '2030-01-01T12:00:00Z', '2030-01-02T02:00:00+14:00'],
])('%s shows %s as %s', (zone, instant, shown) => {
  expect(createLocalTime(zone).show(Date.parse(instant))).toBe(shown);
});

test.each([
  ['Europe/Berlin', '2026-10-25T00:00:00Z', 'first'],
  ['Europe/Berlin', '2026-10-25T01:59:00Z', 'second'],
  ['Europe/Berlin', '2026-10-25T02:00:00Z', undefined],
  ['Europe/Berlin', '2026-10-24T23:59:00Z', undefined],
  ['Europe/Berlin', '2026-03-29T01:00:00Z', undefined],
  ['Australia/Lord_Howe', '2026-04-04T14:45:00Z', 'first'],
  ['Australia/Lord_Howe', '2026-04-04T15:15:00Z', 'second'],
  ['Australia/Lord_Howe', '2026-04-04T15:30:00Z', undefined],
])('in %s the clocks show %s as the %s of two', (zone, instant, which) => {
  expect(createLocalTime(zone).twice(Date.parse(instant))).toBe(which);
});
