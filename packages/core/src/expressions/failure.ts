/**
 * Why an expression failed, inside of the evaluator only: it becomes a VwmpError with the text of
 * the expression at the edge. No Error, because `a.b == 1 || c` and `list.exists(…)` swallow
 * failures by the thousand and capturing a stack costs 2 µs each.
 */
export class Failure {
  readonly message: string;
  /** A limit was exceeded: nothing may swallow it. */
  readonly fatal: boolean;

  constructor(message: string, fatal = false) {
    this.message = message;
    this.fatal = fatal;
  }
}

/** Shortens what a message quotes. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
