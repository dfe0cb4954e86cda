import { writeSync } from 'node:fs';

/** Prints a line at once: what stands in the pipe stays, whatever happens to this process. */
export function report(what: unknown): void {
  writeSync(1, `${JSON.stringify(what)}\n`);
}

/** What there is to say of an error. */
export function told(error: unknown): { code?: string; message: string } {
  const { code, message } = error as { code?: string; message: string };
  return { code, message };
}
