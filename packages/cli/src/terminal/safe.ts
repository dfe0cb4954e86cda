// Control characters, and the marks that turn the direction of writing.
const harmful = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;

/**
 * Text from a document, a handler or a server, harmless on a terminal: control characters, which could move the cursor,
 * change the title or hide what is written, are shown as what they are.
 *
 * @param lines - true keeps line feeds and tabs
 */
export function safe(text: string, lines = false): string {
  return text.replace(harmful, (character) => {
    if (lines && (character === '\n' || character === '\t')) return character;
    if (character === '\n') return '⏎';
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
