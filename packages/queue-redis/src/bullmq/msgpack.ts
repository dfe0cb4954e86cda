/** What the scripts are given packed. */
export type Packable =
  | string
  | number
  | boolean
  | null
  | undefined
  | Packable[]
  | { [key: string]: Packable };

/**
 * Packs a value as MessagePack, which is how BullMQ's scripts take their arguments. Only what those need: the library
 * that does all of it weighs more than this whole package. `undefined` becomes nil, or is left out of a map.
 */
export function pack(value: Packable): Buffer {
  const parts: Buffer[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: Packable, parts: Buffer[]): void {
  if (value === null || value === undefined) parts.push(Buffer.of(0xc0));
  else if (typeof value === 'boolean') parts.push(Buffer.of(value ? 0xc3 : 0xc2));
  else if (typeof value === 'number') parts.push(number(value));
  else if (typeof value === 'string') parts.push(text(value));
  else if (Array.isArray(value)) {
    parts.push(header(0x90, 15, 0xdc, value.length));
    for (const item of value) write(item, parts);
  } else {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    parts.push(header(0x80, 15, 0xde, entries.length));
    for (const [key, item] of entries) {
      parts.push(text(key));
      write(item, parts);
    }
  }
}

function number(value: number): Buffer {
  if (Number.isInteger(value) && value >= 0 && value < 0x80) return Buffer.of(value);
  // Lua knows no other numbers than these.
  const buffer = Buffer.allocUnsafe(9);
  buffer[0] = 0xcb;
  buffer.writeDoubleBE(value, 1);
  return buffer;
}

function text(value: string): Buffer {
  const content = Buffer.from(value);
  const { length } = content;
  if (length < 32) return Buffer.concat([Buffer.of(0xa0 | length), content]);
  const buffer = Buffer.allocUnsafe(5);
  buffer[0] = 0xdb;
  buffer.writeUInt32BE(length, 1);
  return Buffer.concat([buffer, content]);
}

function header(short: number, most: number, long: number, length: number): Buffer {
  if (length <= most) return Buffer.of(short | length);
  const buffer = Buffer.allocUnsafe(3);
  buffer[0] = long;
  buffer.writeUInt16BE(length, 1);
  return buffer;
}
