import { encodeNumber } from '../binary.ts';

/** A module to be put together of bytes, for what no compiler would make. */
export interface ModuleParts {
  /** In pages. */
  readonly memory?: { readonly initial: number; readonly maximum?: number };
  readonly table?: { readonly initial: number; readonly maximum?: number };
  readonly imports?: readonly {
    readonly module: string;
    readonly name: string;
    readonly memory?: { initial: number; maximum?: number };
  }[];
  /** Code of `run(i32, i32) → i64`, without locals. */
  readonly run?: readonly number[];
  /** Code of `_start() → ()`. */
  readonly start?: readonly number[];
  /** Code of `reset() → ()`. */
  readonly reset?: readonly number[];
}

const i32 = 0x7f;
const i64 = 0x7e;

/** Codes of instructions. */
export const op = {
  unreachable: [0x00],
  loopForever: [0x03, 0x40, 0x0c, 0x00, 0x0b],
  i64: (value: bigint): number[] => [0x42, ...signed(value)],
  i32: (value: number): number[] => [0x41, ...signed(BigInt(value))],
  input: [0x20, 0x00],
  length: [0x20, 0x01],
  /** The place and length on the stack, as one number. */
  pack: [0x20, 0x00, 0xad, 0x42, 0x20, 0x86, 0x20, 0x01, 0xad, 0x84],
  grow: [0x40, 0x00],
  tableGrow: [0xfc, 0x0f, 0x00],
  nullFunction: [0xd0, 0x70],
  call: (index: number): number[] => [0x10, index],
  drop: [0x1a],
  extend: [0xad],
  load: [0x28, 0x02, 0x00],
  store: [0x36, 0x02, 0x00],
  add: [0x6a],
} as const;

function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    const done = (rest >> 7n === 0n && !(low & 0x40)) || (rest >> 7n === -1n && low & 0x40);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

const name = (text: string): number[] => [...encodeNumber(Buffer.byteLength(text)), ...Buffer.from(text)];
const list = (items: readonly (readonly number[])[]): number[] => [
  ...encodeNumber(items.length),
  ...items.flat(),
];
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...encodeNumber(content.length),
  ...content,
];
const limits = ({ initial, maximum }: { initial: number; maximum?: number }): number[] =>
  maximum === undefined
    ? [0, ...encodeNumber(initial)]
    : [1, ...encodeNumber(initial), ...encodeNumber(maximum)];
const body = (code: readonly number[]): number[] => [...encodeNumber(code.length + 2), 0, ...code, 0x0b];

/** Puts a module together. It has `alloc`, which always gives the place 1024. Imported functions come first: `(i32) → ()`. */
export function assemble({
  memory = { initial: 1 },
  table,
  imports = [],
  run,
  start,
  reset,
}: ModuleParts): Uint8Array {
  const types = [
    [0x60, ...list([[i32], [i32]]), ...list([[i64]])],
    [0x60, ...list([[i32]]), ...list([[i32]])],
    [0x60, ...list([]), ...list([])],
    [0x60, ...list([[i32]]), ...list([])],
  ];
  const functions = [
    { type: 1, name: 'alloc', code: op.i32(1024) },
    ...(run ? [{ type: 0, name: 'run', code: run }] : []),
    ...(start ? [{ type: 2, name: '_start', code: start }] : []),
    ...(reset ? [{ type: 2, name: 'reset', code: reset }] : []),
  ];
  const before = imports.filter((each) => each.memory === undefined).length;
  const own = imports.every((each) => each.memory === undefined);
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(
      2,
      list(
        imports.map((each) => [
          ...name(each.module),
          ...name(each.name),
          ...(each.memory ? [2, ...limits(each.memory)] : [0, 3]),
        ]),
      ),
    ),
    ...section(3, list(functions.map(({ type }) => [type]))),
    ...(table ? section(4, list([[0x70, ...limits(table)]])) : []),
    ...(own ? section(5, list([limits(memory)])) : []),
    ...section(
      7,
      list([...functions.map((each, i) => [...name(each.name), 0, before + i]), [...name('memory'), 2, 0]]),
    ),
    ...section(10, list(functions.map(({ code }) => body(code)))),
  ]);
}
