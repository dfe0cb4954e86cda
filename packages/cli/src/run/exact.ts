import { findInJson, lossOf } from 'json-text';

/**
 * What to say of a number that was written with more digits than a number keeps: it would be another one without a word. A fraction below
 * 2^53 is meant to be about so much, unless it is so small that it would be 0.
 *
 * @param text - as it was written
 * @param value - as it was read
 * @returns undefined when they are the same
 */
export function rounded(text: string, value: number): string | undefined {
  return told(text.trim(), lossOf(text, value));
}

/**
 * What of a text that is JSON would be lost when it is parsed: a number that is rounded, or larger or smaller than numbers can be, a
 * key that stands twice in one object. By the text itself: the value does not tell.
 */
export function lossIn(json: string): string | undefined {
  return findInJson(json, {
    key: (key, isRepeated) =>
      isRepeated ? `The key ${JSON.stringify(key)} stands twice in one object.` : undefined,
    number: (written) => told(written, lossOf(written)),
  });
}

function told(number: string, loss: string | undefined): string | undefined {
  return loss === undefined ? undefined : `${number} ${loss}. Give it as a text.`;
}
