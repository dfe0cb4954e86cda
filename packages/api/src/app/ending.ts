import { refuse } from './error-answer.ts';

/**
 * Something that comes once, and who is told of it. It costs less than an `AbortSignal` for each request, and keeps nothing of who has left.
 */
export class Moment {
  readonly #told = new Set<() => void>();
  #come = false;

  come(): void {
    this.#come = true;
    for (const tell of this.#told) tell();
    this.#told.clear();
  }

  /** @param tell - called at once when it has come already. @returns leaves */
  onCome(tell: () => void): () => void {
    if (this.#come) tell();
    else this.#told.add(tell);
    return () => void this.#told.delete(tell);
  }
}

/** What answers that take long are told when their server ends. */
export interface Ending {
  /** It begins to end: who follows something goes on elsewhere. */
  readonly begins: Moment;
  /** Its patience is almost at an end: who waits for something is answered without it. */
  readonly comes: Moment;
}

export function createEnding(): Ending {
  return { begins: new Moment(), comes: new Moment() };
}

/** Resolves as the work does, unless the moment comes before. @throws CLOSED */
export function unless<T>(moment: Moment, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = moment.onCome(() => reject(refuse('CLOSED', 'The server ends.')));
    work.then(
      (result) => {
        leave();
        resolve(result);
      },
      (error: unknown) => {
        leave();
        reject(error);
      },
    );
  });
}
