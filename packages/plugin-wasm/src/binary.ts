import { refuse } from './errors.ts';

/** Reads the binary form of a module from one end to the other. */
export class BinaryReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  byte(): number {
    if (this.at >= this.end) throw malformed();
    return this.bytes[this.at++]!;
  }

  /** An unsigned number in LEB128. */
  number(): number {
    let value = 0;
    for (let factor = 1, i = 0; i < 10; factor *= 128, i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw malformed();
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.end) throw malformed();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

/** LEB128 of an unsigned number. */
export function encodeNumber(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

export function malformed(): Error {
  return refuse('WASM_INVALID', 'The file is no WebAssembly module.');
}
