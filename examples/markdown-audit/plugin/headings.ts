import type { ProblemKind } from './model.ts';

type Report = (kind: ProblemKind, line: number, message: string) => void;

/** Checks the structure of headings in the order in which they stand. */
export class HeadingChecker {
  count = 0;
  readonly #report: Report;
  #level = 0;
  #title: number | undefined;

  constructor(report: Report) {
    this.#report = report;
  }

  add(level: number, title: string, line: number, empty: boolean): void {
    this.count += 1;
    if (empty) this.#report('empty_heading', line, `This h${level} is empty.`);
    // A file may begin at any level; from there on, no level is left out on the way down.
    if (this.#level > 0 && level > this.#level + 1) {
      this.#report('skipped_level', line, `"${title}" is an h${level} right below an h${this.#level}.`);
    }
    if (level === 1 && this.#title !== undefined) {
      this.#report('several_titles', line, `"${title}" is another h1; the first is in line ${this.#title}.`);
    }
    if (level === 1) this.#title ??= line;
    this.#level = level;
  }
}
