import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of bytes into lines. */
export interface LineSplitter {
  add(chunk: Buffer): void;
  /** Gives what has come after the last line break. */
  end(): void;
}

/** A longer line is given in pieces: a progress bar may never break its line. In characters. */
const maxLine = 8_192;

/**
 * Gives each line to `emit` as soon as it is complete, without its line break, until `maxBytes` have come. Lines are kept with
 * the execution, so an endless output must not become an endless log.
 */
export function splitLines(maxBytes: number, emit: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let bytes = 0;
  let full = false;
  const give = (line: string): void => {
    for (let from = 0; from === 0 || from < line.length; from += maxLine)
      emit(line.slice(from, from + maxLine));
  };
  return {
    add(chunk) {
      if (full) return;
      bytes += chunk.length;
      const lines = (
        rest + decoder.write(chunk.subarray(0, Math.max(0, chunk.length - (bytes - maxBytes))))
      ).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) give(line);
      if (rest.length >= maxLine) {
        give(rest);
        rest = '';
      }
      if (bytes <= maxBytes) return;
      full = true;
      if (rest !== '') give(rest);
      rest = '';
      emit(`… the log ends here, after ${maxBytes} bytes`);
    },
    end() {
      rest += decoder.end();
      if (!full && rest !== '') give(rest);
    },
  };
}
