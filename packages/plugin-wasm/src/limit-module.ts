import { BinaryReader, encodeNumber, malformed } from './binary.ts';
import { refuse } from './errors.ts';

/** Entries of a table, when the module itself sets no lower limit: each takes memory outside of the module's own. */
const maxTable = 100_000;
const sections = { import: 2, table: 4, memory: 5 } as const;
const kinds = { function: 0, table: 1, memory: 2, global: 3 } as const;

/** What an imported memory has to be made with, in pages. */
export interface ImportedMemory {
  readonly module: string;
  readonly name: string;
  readonly initial: number;
  readonly maximum: number;
}

export interface LimitedModule {
  readonly bytes: Uint8Array;
  readonly memory: ImportedMemory | undefined;
}

/**
 * Writes an upper limit into a module: of its memory, and of its tables. WebAssembly has no other way to limit a memory that a module
 * makes itself; what it asks for beyond, `memory.grow` denies, which modules know to handle.
 *
 * @param maxPages - of memory, 64 KiB each
 * @throws WASM_INVALID, WASM_MEMORY when it begins with more, WASM_UNSUPPORTED
 */
export function limitModule(bytes: Uint8Array, maxPages: number): LimitedModule {
  const reader = new BinaryReader(bytes);
  const head = reader.take(8);
  if (head.join() !== '0,97,115,109,1,0,0,0') throw malformed();
  const parts: Uint8Array[] = [head];
  let memory: ImportedMemory | undefined;
  let memories = 0;
  while (reader.at < reader.end) {
    const id = reader.byte();
    const size = reader.number();
    const content = reader.take(size);
    let replaced: Uint8Array = content;
    if (id === sections.import) {
      memory = findMemory(new BinaryReader(content), maxPages);
      if (memory) memories++;
    } else if (id === sections.table || id === sections.memory) {
      const section = new BinaryReader(content);
      const count = section.number();
      if (id === sections.memory) memories += count;
      replaced = Uint8Array.from([
        ...encodeNumber(count),
        ...Array.from({ length: Math.min(count, 1_000) }, () =>
          id === sections.memory ? limitedMemory(section, maxPages) : limitedTable(section),
        ).flat(),
      ]);
      if (section.at !== section.end) throw malformed();
    }
    parts.push(Uint8Array.from([id, ...encodeNumber(replaced.length)]), replaced);
  }
  if (memories > 1) throw refuse('WASM_UNSUPPORTED', 'The module has more than one memory.');
  return { bytes: Buffer.concat(parts), memory };
}

/** Flags, least and greatest size, as they stand in the binary. */
interface Limits {
  readonly flags: number;
  readonly least: number;
  readonly most: number | undefined;
}

function readLimits(reader: BinaryReader): Limits {
  const flags = reader.byte();
  if (flags > 1)
    throw refuse(
      'WASM_UNSUPPORTED',
      'The module has a memory that is shared between threads or has 64-bit addresses.',
    );
  return { flags, least: reader.number(), most: flags === 1 ? reader.number() : undefined };
}

function limitedMemory(reader: BinaryReader, maxPages: number): number[] {
  const { least, most } = readLimits(reader);
  checkLeast(least, maxPages);
  return [1, ...encodeNumber(least), ...encodeNumber(Math.min(most ?? maxPages, maxPages))];
}

function limitedTable(reader: BinaryReader): number[] {
  const type = reader.byte();
  // References of later versions take more than a byte.
  if (type !== 0x70 && type !== 0x6f)
    throw refuse('WASM_UNSUPPORTED', 'The module has a table of a kind that is not supported.');
  const { least, most } = readLimits(reader);
  if (least > maxTable) throw refuse('WASM_MEMORY', `The module begins with a table of ${least} entries.`);
  return [type, 1, ...encodeNumber(least), ...encodeNumber(Math.min(most ?? maxTable, maxTable))];
}

function checkLeast(least: number, maxPages: number): void {
  if (least <= maxPages) return;
  const message = `The module begins with ${Math.ceil(least / 16)} MB of memory, and ${maxPages / 16} MB are allowed.`;
  throw refuse('WASM_MEMORY', message);
}

function findMemory(reader: BinaryReader, maxPages: number): ImportedMemory | undefined {
  let found: ImportedMemory | undefined;
  for (let left = reader.number(); left > 0; left--) {
    const module = readName(reader);
    const name = readName(reader);
    const kind = reader.byte();
    if (kind === kinds.function) reader.number();
    else if (kind === kinds.global) reader.take(2);
    else if (kind === kinds.memory) {
      const { least, most } = readLimits(reader);
      checkLeast(least, maxPages);
      if (found) throw refuse('WASM_UNSUPPORTED', 'The module has more than one memory.');
      found = { module, name, initial: least, maximum: Math.min(most ?? maxPages, maxPages) };
    } else
      throw refuse(
        'WASM_IMPORT',
        `The module wants ${JSON.stringify(`${module}.${name}`)}, which is not there.`,
      );
  }
  return found;
}

function readName(reader: BinaryReader): string {
  return Buffer.from(reader.take(reader.number())).toString();
}
