import type { JsonObject, JsonValue } from '@vwmp/core';

/** Stands for the contents of a table, whatever the order of its rows. */
export interface Digest {
  readonly rows: number;
  add(row: JsonObject): void;
  hex(): string;
}

const modulus = 1n << 256n;

/** The sum of the hashes of all rows: two databases may sort the same keys differently. */
export function digestOf(): Digest {
  const { createHash } = process.getBuiltinModule('node:crypto');
  let rows = 0;
  let sum = 0n;
  return {
    get rows() {
      return rows;
    },
    add(row) {
      rows++;
      const hash = createHash('sha256').update(canonical(row)).digest('hex');
      sum = (sum + BigInt(`0x${hash}`)) % modulus;
    },
    hex: () => sum.toString(16).padStart(64, '0'),
  };
}

export function sameRow(a: JsonObject, b: JsonObject): boolean {
  return canonical(a) === canonical(b);
}

/** The same text for the same value, in whichever order its keys are. */
function canonical(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical((value as JsonObject)[key])}`);
  return `{${fields.join(',')}}`;
}
