/** A failure with its code, within the worker: it has no other class, since none of it would cross to another thread. */
export class Failure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
