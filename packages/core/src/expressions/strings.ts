import { Failure } from './failure.ts';
import type { CelFunction } from './functions.ts';
import { BOOLEAN, type Kind, LIST, NUMBER, STRING } from './kind.ts';
import { charge, chargeScan, chargeSearch, chargeText, type Frame } from './limits.ts';
import { matches } from './regex/matches.ts';

type Values = readonly unknown[];
type StringFunction = (frame: Frame, text: string, ...values: never[]) => unknown;

function method(
  name: string,
  more: readonly Kind[],
  returns: Kind,
  run: StringFunction,
): [string, CelFunction] {
  const call = (frame: Frame, values: Values) =>
    run(frame, values[0] as string, ...(values.slice(1) as never[]));
  return [`${name}/${more.length}`, { accepts: [STRING, ...more], returns, call }];
}

function offset(name: string, at: number, from: number, to: number): number {
  if (Number.isInteger(at) && at >= from && at <= to) return at;
  throw new Failure(`${name}() takes a whole number from ${from} to ${to} here, not ${at}`);
}

function changed(change: (text: string) => string): StringFunction {
  return (frame, text) => {
    chargeText(frame, text.length);
    return change(text);
  };
}

function indexOf(frame: Frame, text: string, wanted: string, from = 0): number {
  chargeSearch(frame, text.length, wanted.length);
  return text.indexOf(wanted, wanted === '' ? from : offset('indexOf', from, 0, text.length));
}

function lastIndexOf(frame: Frame, text: string, wanted: string, from?: number): number {
  chargeSearch(frame, text.length, wanted.length);
  if (from === undefined) return text.lastIndexOf(wanted);
  return text.lastIndexOf(wanted, offset('lastIndexOf', from, 0, text.length));
}

function substring(frame: Frame, text: string, start: number, end: number = text.length): string {
  charge(frame, 2);
  offset('substring', start, 0, text.length);
  return text.substring(start, offset('substring', end, start, text.length));
}

function split(frame: Frame, text: string, separator: string, limit = -1): string[] {
  offset('split', limit, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  if (limit === 0) return [];
  chargeSearch(frame, text.length, separator.length);
  // A part takes about 32 bytes, 8 units; more of them than the budget can pay for are never made.
  const most = Math.floor(frame.left / 8) + 1;
  const parts = text.split(separator, most);
  charge(frame, parts.length * 8);
  if (limit < 0 || parts.length <= limit) return parts;
  const rest = parts.slice(limit - 1).join(separator);
  chargeText(frame, rest.length);
  return [...parts.slice(0, limit - 1), rest];
}

function join(frame: Frame, [list, separator = '']: Values): string {
  const parts = list as readonly unknown[];
  charge(frame, parts.length);
  let length = 0;
  for (const part of parts) {
    if (typeof part !== 'string')
      throw new Failure('join() takes a list of strings; .map(x, string(x)) makes one');
    length += part.length + (separator as string).length;
  }
  chargeText(frame, length);
  return parts.join(separator as string);
}

/** The methods of strings, and `join` of lists. They count in UTF-16 units, as cel-js does. */
export const stringMethods: readonly [string, CelFunction][] = [
  method('startsWith', [STRING], BOOLEAN, (frame, text, start: string) => {
    chargeScan(frame, start.length);
    return text.startsWith(start);
  }),
  method('endsWith', [STRING], BOOLEAN, (frame, text, end: string) => {
    chargeScan(frame, end.length);
    return text.endsWith(end);
  }),
  method('contains', [STRING], BOOLEAN, (frame, text, wanted: string) => {
    chargeSearch(frame, text.length, wanted.length);
    return text.includes(wanted);
  }),
  method(
    'lowerAscii',
    [],
    STRING,
    changed((text) => text.toLowerCase()),
  ),
  method(
    'upperAscii',
    [],
    STRING,
    changed((text) => text.toUpperCase()),
  ),
  method(
    'trim',
    [],
    STRING,
    changed((text) => text.trim()),
  ),
  method('indexOf', [STRING], NUMBER, indexOf),
  method('indexOf', [STRING, NUMBER], NUMBER, indexOf),
  method('lastIndexOf', [STRING], NUMBER, lastIndexOf),
  method('lastIndexOf', [STRING, NUMBER], NUMBER, lastIndexOf),
  method('substring', [NUMBER], STRING, substring),
  method('substring', [NUMBER, NUMBER], STRING, substring),
  method('split', [STRING], LIST, split),
  method('split', [STRING, NUMBER], LIST, split),
  method('matches', [STRING], BOOLEAN, matches),
  ['join/0', { accepts: [LIST], returns: STRING, call: join }],
  ['join/1', { accepts: [LIST, STRING], returns: STRING, call: join }],
];
