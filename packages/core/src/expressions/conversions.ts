import { EvaluationError } from '@marcbachmann/cel-js';
import { Duration } from '@marcbachmann/cel-js/evaluator';
import { parseMoment } from '../values/moment.ts';
import { checkMoment } from './durations.ts';

/** What functions make of a text, where cel-js takes more than they say. */
const conversions: Readonly<Record<string, (text: string) => unknown>> = {
  int: (text) => check(whole, text, 'int() cannot convert what is no whole number in decimal digits'),
  uint: (text) => check(whole, text, 'uint() cannot convert what is no whole number in decimal digits'),
  double: (text) => check(decimal, text, 'double() cannot convert what is no decimal number'),
  duration: (text) =>
    noTime.test(text)
      ? new Duration(0n, 0)
      : check(duration, text, 'duration() takes numbers with a unit of h, m, s, ms, us or ns, like 1h30m'),
  timestamp: (text) => {
    const moment = parseMoment(text);
    if (moment !== undefined) return checkMoment(moment);
    throw failure('timestamp() takes a moment in ISO 8601 with its zone, like 2030-01-31T08:00:00Z');
  },
};

const whole = /^[+-]?\d+$/;
const decimal = /^(?:[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?)|nan)$/i;
const duration = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/;
/** The one that needs no unit. */
const noTime = /^[+-]?0$/;

/** cel-js adds the place. */
function failure(message: string): EvaluationError {
  return new EvaluationError({ code: 'conversion_error', message });
}

/** Leaves a text that matches to cel-js. */
function check(pattern: RegExp, text: string, why: string): undefined {
  if (!pattern.test(text)) throw failure(why);
}

/** What a function gives; undefined where that is left to cel-js. @throws EvaluationError */
export function convert(name: string, values: readonly unknown[]): unknown {
  const [text] = values;
  return typeof text === 'string' && values.length === 1 ? conversions[name]?.(text) : undefined;
}
