import { StringDecoder } from 'node:string_decoder';

/** What is kept of one output stream of a command. */
export interface Output {
  add(chunk: Buffer): void;
  /** All bytes that came, kept or not. */
  readonly bytes: number;
  /** The beginning, up to the limit, without half of a character at its end. */
  head(): string;
  /** The last 2 kB: where commands say why they failed. */
  tail(): string;
}

const tailBytes = 2048;

/** Collects an output of any length in bounded memory. */
export function createOutput(maxBytes: number): Output {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let bytes = 0;
  let last: Buffer = Buffer.alloc(0);
  return {
    add(chunk) {
      bytes += chunk.length;
      if (keptBytes < maxBytes) {
        const part = chunk.subarray(0, maxBytes - keptBytes);
        kept.push(part);
        keptBytes += part.length;
      }
      last =
        chunk.length >= tailBytes
          ? chunk.subarray(-tailBytes)
          : Buffer.concat([last, chunk]).subarray(-tailBytes);
    },
    get bytes() {
      return bytes;
    },
    head() {
      const all = Buffer.concat(kept);
      // Cut by us, the end may be half a character; sent so by the command, it is shown as what it is.
      return bytes > keptBytes ? new StringDecoder('utf8').write(all) : all.toString();
    },
    tail() {
      // Skip what is left of a character that was cut in two.
      let start = 0;
      while (bytes > last.length && start < 3 && ((last[start] ?? 0) & 0xc0) === 0x80) start++;
      return last.subarray(start).toString();
    },
  };
}
