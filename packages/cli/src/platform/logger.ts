import type { Logger, LogLevel } from '@vwmp/core';
import { quote } from '../terminal/quote.ts';
import { safe } from '../terminal/safe.ts';
import type { Output } from '../terminal/terminal.ts';

export interface LoggerOptions {
  /** The least that is written. */
  level: LogLevel;
  /** Lines of JSON. */
  json: boolean;
  /** In milliseconds since 1970. */
  now(): number;
}

const order: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
const colours = { debug: 'dim', info: 'cyan', warn: 'yellow', error: 'red' } as const;
const ownKeys: ReadonlySet<string> = new Set(['timestamp', 'level', 'message']);

/** True when something of this level is to be written. */
function reaches(level: LogLevel, least: LogLevel): boolean {
  return order[level] >= order[least];
}

/** Writes one line for each fact: time, level, message and `key=value`, or the same as JSON. */
export function createLogger(output: Output, { level: least, json, now }: LoggerOptions): Logger {
  return {
    log(level, message, fields = {}) {
      if (!reaches(level, least)) return;
      const timestamp = isoTime(new Date(now()));
      const more = Object.entries(fields).filter(([key, value]) => value !== undefined && !ownKeys.has(key));
      if (json)
        return output.line(JSON.stringify({ timestamp, level, message, ...Object.fromEntries(more) }));
      const { style } = output;
      // Where it is kept the day matters, before someone's eyes it is clear.
      const time = style.dim(output.isTTY ? timestamp.slice(11, 23) : timestamp);
      const pairs = more.map(([key, value]) => ` ${style.dim(`${key}=`)}${quote(value)}`);
      output.line(`${time} ${style[colours[level]](level.padEnd(5))} ${safe(message)}${pairs.join('')}`);
    },
  };
}

/**
 * `toISOString`, of which the first in a process makes Node touch 0.8 MB of its binary, and every server logs that it is ready. Core puts
 * it together like this, too, but among what an idle server does not load.
 */
function isoTime(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [
    String(date.getUTCFullYear()).padStart(4, '0'),
    two(date.getUTCMonth() + 1),
    two(date.getUTCDate()),
  ];
  const time = [two(date.getUTCHours()), two(date.getUTCMinutes()), two(date.getUTCSeconds())];
  return `${day.join('-')}T${time.join(':')}.${String(date.getUTCMilliseconds()).padStart(3, '0')}Z`;
}

/** For commands that do one thing: what goes wrong on the way, and nothing else. */
export function createWarner(output: Output, symbol: string): Logger {
  return {
    log(level, message, fields = {}) {
      if (!reaches(level, 'warn')) return;
      const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${quote(value)}`);
      const colour = level === 'error' ? 'red' : 'yellow';
      output.line(`${output.style[colour](symbol)} ${safe(message)}${output.style.dim(pairs.join(''))}`);
    },
  };
}
