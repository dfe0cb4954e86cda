import type { Logger } from '../ports/logger.ts';

/** Writes warnings and errors to the console, and nothing else. */
export const consoleLogger: Logger = {
  log(level, message, fields) {
    if (level !== 'warn' && level !== 'error') return;
    const rest = fields ? ` ${JSON.stringify(fields)}` : '';
    console[level](`vwmp: ${message}${rest}`);
  },
};
