import type { ExecutionEvent } from '@vwmp/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Item, isFrom, pack, unpack, writeEvent } from './packet.ts';

const header = { execution_id: 'e1', seq: 7, timestamp: '2026-01-01T00:00:00.000Z' };

test('what is packed comes out again, in order, in packets that fit', () => {
  const itemArb: fc.Arbitrary<Item> = fc.oneof(
    fc.tuple(fc.constant(0 as const), fc.string({ unit: 'binary' }), fc.nat()),
    fc.tuple(fc.constant(1 as const), fc.string({ unit: 'grapheme' }), fc.string({ maxLength: 3000 })),
  );
  fc.assert(
    fc.property(fc.array(itemArb, { maxLength: 50 }), (items) => {
      let number = 0;
      const packets = pack(
        items.map((item) => JSON.stringify(item)),
        'me',
        () => ++number,
      );
      for (const packet of packets) {
        expect(Buffer.byteLength(packet)).toBeLessThan(8000);
        expect(isFrom(packet, 'me')).toBe(true);
        expect(isFrom(packet, 'm')).toBe(false);
      }
      expect(new Set(packets).size).toBe(packets.length);
      expect(packets.flatMap(unpack)).toEqual(items.map((item) => JSON.parse(JSON.stringify(item))));
    }),
    { numRuns: 300 },
  );
});

test('what is no packet is nothing', () => {
  for (const text of ['', '{', 'null', '3', '"x"', '{}', '[]', '["a"]', '["a",1,null,3,"x"]'])
    expect(unpack(text)).toEqual([]);
});

test('what is recorded and does not fit is read by whoever wants it', () => {
  const event: ExecutionEvent = {
    ...header,
    ...{
      event: 'step_completed',
      status: 'success',
      step_id: 's',
      attempts: 1,
      started_at: header.timestamp,
      duration_ms: 1,
    },
    output: 'x'.repeat(8000),
  };
  expect(writeEvent({ ...event, output: 'x' } as ExecutionEvent)).toBe(
    JSON.stringify({ ...event, output: 'x' }),
  );
  expect(writeEvent(event)).toBe('[0,"e1",7]');
});

test('of what is only told as much is told as fits', () => {
  const log = (message: string, data?: string): ExecutionEvent => ({
    ...header,
    event: 'log',
    level: 'info',
    message,
    data,
  });
  expect(JSON.parse(writeEvent(log('\0'.repeat(9000), 'data'))!)).toEqual({
    ...log(`${'\0'.repeat(1000)}…`),
    data: undefined,
  });
  expect(JSON.parse(writeEvent(log('short', 'x'.repeat(9000)))!)).toEqual({
    ...header,
    event: 'log',
    level: 'info',
    message: 'short',
  });
  const progress: ExecutionEvent = {
    ...header,
    ...{
      event: 'progress',
      step_id: 's',
      total: 2,
      completed: 1,
      failed: 0,
      percentage: 50,
      message: '😀'.repeat(5000),
    },
  };
  expect(JSON.parse(writeEvent(progress)!)).toMatchObject({
    percentage: 50,
    message: expect.stringMatching(/^😀+…$/u),
  });
  // Nothing that would help is left of this one.
  expect(writeEvent({ ...log('x'), execution_id: 'x'.repeat(8000) })).toBe(undefined);
});
