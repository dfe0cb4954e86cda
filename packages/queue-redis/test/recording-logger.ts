import type { Logger } from '@vwmp/core/ports';

/** Keeps what is logged, as `level: message`. */
export function createRecordingLogger(): Logger & { lines: string[] } {
  const lines: string[] = [];
  return { lines, log: (level, message) => void lines.push(`${level}: ${message}`) };
}
