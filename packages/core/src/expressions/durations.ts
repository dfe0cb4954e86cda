import { Duration } from '@marcbachmann/cel-js/evaluator';
import { Failure } from './work.ts';

const second = 1_000_000_000n;
const millisecond = 1_000_000n;
/** The years that CEL knows, 1 to 9999, in milliseconds since 1970. */
const firstMoment = -62_135_596_800_000;
const lastMoment = 253_402_300_799_999;

/**
 * Has durations count with their sign. cel-js keeps whole seconds and a rest: below zero the rest has a sign of its
 * own, which is lost when it is written, and a second goes missing between the two when one is taken from another.
 */
export function mendDurations(): void {
  Duration.fromMilliseconds = (milliseconds) => fromNanos(BigInt(milliseconds) * millisecond);
  Object.assign(Duration.prototype, {
    addDuration(this: Duration, other: Duration) {
      return fromNanos(nanosOf(this) + nanosOf(other));
    },
    subtractDuration(this: Duration, other: Duration) {
      return fromNanos(nanosOf(this) - nanosOf(other));
    },
    extendTimestamp(this: Duration, timestamp: Date) {
      return moved(timestamp, nanosOf(this));
    },
    subtractTimestamp(this: Duration, timestamp: Date) {
      return moved(timestamp, -nanosOf(this));
    },
    getMilliseconds(this: Duration) {
      return nanosOf(this) / millisecond;
    },
    toString(this: Duration) {
      return showDuration(this);
    },
  });
}

/** The moment of a timestamp. @throws Failure unless CEL has it */
export function checkMoment(milliseconds: number): Date {
  // NaN is neither.
  if (milliseconds >= firstMoment && milliseconds <= lastMoment) return new Date(milliseconds);
  throw new Failure('the timestamp is out of range, which goes from the year 1 to 9999');
}

function nanosOf({ seconds, nanos }: Duration): bigint {
  return seconds * second + BigInt(nanos);
}

function fromNanos(total: bigint): Duration {
  return new Duration(total / second, Number(total % second));
}

/** In whole milliseconds, rounded down as the timestamps of texts are. */
function moved(timestamp: Date, nanos: bigint): Date {
  const rest = nanos % millisecond;
  const whole = nanos / millisecond - (rest < 0n ? 1n : 0n);
  return checkMoment(timestamp.getTime() + Number(whole));
}

/** As seconds, which `duration()` reads back: `-1.5s`. */
function showDuration(duration: Duration): string {
  const total = nanosOf(duration);
  const [sign, size] = total < 0n ? ['-', -total] : ['', total];
  const rest = size % second;
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
  return `${sign}${size / second}${fraction}s`;
}
