/** How texts are compared when case does not matter. */
export function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** The words of a text, once each, with a space between. Empty when there is none. */
export function wordsOf(text: string): string {
  return [...new Set(folded(text).match(/[\p{L}\p{N}]+/gu) ?? [])].join(' ');
}
