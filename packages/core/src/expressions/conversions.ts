import { parseMoment } from '../values/moment.ts';
import { checkMoment } from './durations.ts';
import { Failure } from './work.ts';

/** What functions make of a text, where cel-js takes more than they say. */
const conversions: Readonly<Record<string, (text: string) => unknown>> = {
  timestamp: (text) => {
    const moment = parseMoment(text);
    if (moment !== undefined) return checkMoment(moment);
    throw new Failure('timestamp() takes a moment in ISO 8601 with its zone, like 2030-01-31T08:00:00Z');
  },
};

/** What a function gives; undefined where that is left to cel-js. @throws Failure */
export function convert(name: string, values: readonly unknown[]): unknown {
  const [text] = values;
  return typeof text === 'string' && values.length === 1 ? conversions[name]?.(text) : undefined;
}
