/** A value for a statement: numbers are written out, arrays are made by {@link texts} and its like. */
export type Value = string | number | Buffer | null;

// Arrays go in PostgreSQL's binary form: as text, every quote and backslash of a JSON body would be escaped once more.
const textType = 25;
const int8Type = 20;
const boolType = 16;
const header = 20;

/** `text[]` of well-formed texts without NUL. */
export function texts(values: readonly (string | null)[]): Buffer {
  let size = header + 4 * values.length;
  let hasNull = false;
  for (const value of values) {
    if (value === null) hasNull = true;
    else size += Buffer.byteLength(value);
  }
  const array = begin(size, textType, values.length, hasNull);
  let at = header;
  for (const value of values) {
    if (value === null) at = array.writeInt32BE(-1, at);
    else {
      const length = array.write(value, at + 4);
      array.writeInt32BE(length, at);
      at += 4 + length;
    }
  }
  return array;
}

/** `int8[]` of whole numbers up to 2^53. */
export function integers(values: readonly (number | null)[]): Buffer {
  const array = begin(header + 12 * values.length, int8Type, values.length, true);
  let at = header;
  for (const value of values) {
    if (value === null) at = array.writeInt32BE(-1, at);
    else {
      array.writeInt32BE(8, at);
      // A BigInt of each would take five times as long.
      array.writeInt32BE(Math.floor(value / 0x1_0000_0000), at + 4);
      at = array.writeUInt32BE(value >>> 0, at + 8);
    }
  }
  return array.subarray(0, at);
}

/** `bool[]` */
export function booleans(values: readonly boolean[]): Buffer {
  const array = begin(header + 5 * values.length, boolType, values.length, false);
  let at = header;
  for (const value of values) {
    array.writeInt32BE(1, at);
    at = array.writeUInt8(value ? 1 : 0, at + 4);
  }
  return array;
}

function begin(size: number, type: number, length: number, hasNull: boolean): Buffer {
  const array = Buffer.allocUnsafe(size);
  array.writeInt32BE(1, 0); // dimensions
  array.writeInt32BE(hasNull ? 1 : 0, 4);
  array.writeInt32BE(type, 8);
  array.writeInt32BE(length, 12);
  array.writeInt32BE(1, 16); // the first index
  return array;
}
