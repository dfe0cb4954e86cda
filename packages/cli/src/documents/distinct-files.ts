import { fs, path } from '../node.ts';

/** Files in the order in which they were named; one that several names or links lead to counts once, under the first of them. */
export class DistinctFiles {
  readonly #names = new Map<string, string>();

  /** @param file - `-` for stdin */
  add(file: string): void {
    const key = file === '-' ? file : realPath(file);
    if (!this.#names.has(key)) this.#names.set(key, file);
  }

  all(): string[] {
    return [...this.#names.values()];
  }
}

function realPath(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    // That it is not there is told by whoever reads it.
    return path.resolve(file);
  }
}
