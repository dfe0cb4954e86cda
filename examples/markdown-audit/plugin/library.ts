import { readFile, stat } from 'node:fs/promises';
import type { CodeCount, Link, Problem } from './model.ts';
import { type Document, readDocument } from './read-document.ts';

/** Larger files are reported and not read: a parser in the same thread would hold up everything else. */
const longest = 4 * 1024 * 1024;

/** A document together with what its file says. */
export interface LibraryDocument extends Document {
  readonly bytes: number;
  readonly lines: number;
  readonly links: Link[];
  readonly code: CodeCount[];
  readonly problems: Problem[];
}

interface Entry {
  readonly version: string;
  readonly document: LibraryDocument;
}

/**
 * Reads documents and remembers the last ones. Steps hand each other summaries only; whoever needs the links of a
 * file asks here. After a crash the memory is empty and files are simply read again, so nothing depends on it.
 */
export class Library {
  readonly #entries = new Map<string, Entry>();
  readonly #size: number;

  constructor(size = 5000) {
    this.#size = size;
  }

  /**
   * @param path - absolute
   * @param name - what problems call it
   * @throws errors of the file system; FILE_TOO_LARGE, FILE_NOT_TEXT
   */
  async read(path: string, name: string): Promise<LibraryDocument> {
    const { size, mtimeMs } = await stat(path);
    const version = `${size} ${mtimeMs} ${name}`;
    const known = this.#entries.get(path);
    if (known?.version === version) return known.document;
    if (size > longest) throw fileError('FILE_TOO_LARGE', `It is longer than ${longest} bytes.`);
    const text = decode(await readFile(path));
    const lines = text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    const document: LibraryDocument = { ...readDocument(text, name), bytes: size, lines };
    this.#remember(path, { version, document });
    return document;
  }

  #remember(path: string, entry: Entry): void {
    this.#entries.delete(path);
    this.#entries.set(path, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#size && oldest !== undefined) this.#entries.delete(oldest);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fileError('FILE_NOT_TEXT', 'It is not UTF-8 text.');
  }
}

function fileError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
