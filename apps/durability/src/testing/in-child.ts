import type { LogLevel } from '@vwmp/core';
import type { Logger } from '@vwmp/core/ports';

/** What the parent gave to this process; it ends when the parent does. */
export function argument<T>(): T {
  process.stdin.on('end', () => process.exit(0)).resume();
  process.stdin.on('error', () => process.exit(0));
  return JSON.parse(process.argv[2]!) as T;
}

/** Lets go of the parent: this process ends when nothing else keeps it. */
export function finish(): void {
  process.stdin.destroy();
}

/** Tells the parent something. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints what is worth a look, for the parent to judge. */
export const logger: Logger = {
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) {
    if (level === 'warn' || level === 'error')
      process.stderr.write(`${level}: ${message} ${JSON.stringify(fields ?? {})}\n`);
  },
};
