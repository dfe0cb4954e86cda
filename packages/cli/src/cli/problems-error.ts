import type { Problem } from '@vwmp/core';

/** A document or parameters with problems, together with the text in which they stand. */
export class ProblemsError extends Error {
  override readonly name = 'ProblemsError';
  readonly code: string;
  readonly details: readonly Problem[];
  readonly retryable = false;
  readonly file: string;
  readonly text: string | undefined;

  constructor(code: string, message: string, problems: readonly Problem[], file: string, text?: string) {
    super(message);
    this.code = code;
    this.details = problems;
    this.file = file;
    this.text = text;
  }
}

/** Not `instanceof`: each file of the built command has a copy of this class. */
export function isProblemsError(error: unknown): error is ProblemsError {
  return error instanceof Error && error.name === 'ProblemsError';
}
