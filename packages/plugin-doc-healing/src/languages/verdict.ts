/** What became of one text that was given to the parser of its language. */
export type Verdict =
  | { readonly status: 'ok' }
  /** `line` and `column` count from 1 within the text. */
  | { readonly status: 'failed'; readonly message: string; readonly line: number; readonly column: number }
  | { readonly status: 'not_checked'; readonly reason: string };

/** Checks texts of one language. The answer has as many verdicts, in the same order. */
export type Checker = (texts: readonly string[], signal?: AbortSignal) => Promise<readonly Verdict[]>;

export const ok: Verdict = { status: 'ok' };

export function notChecked(reason: string): Verdict {
  return { status: 'not_checked', reason };
}

export function failedAt(text: string, offset: number, message: string): Verdict {
  const before = text.slice(0, Math.max(0, offset));
  const line = before.split('\n').length;
  return { status: 'failed', message, line, column: before.length - before.lastIndexOf('\n') };
}

/** Makes a checker of a function for one text. A text that is nested too deep for the parser is not checked. */
export function each(check: (text: string) => Verdict): Checker {
  return async (texts) =>
    texts.map((text) => {
      try {
        return check(text);
      } catch (error) {
        if (error instanceof RangeError) return notChecked('nested too deep');
        throw error;
      }
    });
}
