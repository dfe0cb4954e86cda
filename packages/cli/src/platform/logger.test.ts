import { expect, test } from 'vitest';
import type { Output } from '../terminal/terminal.ts';
import { createLogger } from './logger.ts';

test.each([0, -1, 999, 1e12, 1_795_382_138_201, 253_402_300_799_999, -62_167_219_200_000])(
  'the time %d is written as everywhere',
  (time) => {
    const lines: string[] = [];
    const output = { line: (text: string) => void lines.push(text) } as Output;
    createLogger(output, { level: 'info', json: true, now: () => time }).log('info', 'Ready.');
    expect(JSON.parse(lines[0]!).timestamp).toBe(new Date(time).toISOString());
  },
);
