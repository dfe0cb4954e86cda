import type { Logger } from '@vwmp/core';

/** What nobody may miss, where no logger is given. */
export const consoleLogger: Logger = {
  log: (_level, message, fields) => console.error(`vwmp: ${message} ${JSON.stringify(fields)}`),
};
