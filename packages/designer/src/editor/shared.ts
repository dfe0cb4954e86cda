/**
 * Asks once for all who want an answer: the fields of a panel want the same at once, and again at every pause of whoever
 * types. A failure is not kept.
 *
 * @param newFor - after so many milliseconds it is asked again; for good when missing
 */
export function shared<T>(
  ask: () => Promise<T>,
  newFor: number = Number.POSITIVE_INFINITY,
): () => Promise<T> {
  let answer: { promise: Promise<T>; at: number } | undefined;
  return () => {
    if (answer && Date.now() - answer.at < newFor) return answer.promise;
    const own = { promise: ask(), at: Date.now() };
    answer = own;
    own.promise.catch(() => {
      if (answer === own) answer = undefined;
    });
    return own.promise;
  };
}
