// Control characters, and the marks that turn the direction of writing. Written as ranges: reading a property such as \p{Cc} makes
// Node touch 0.3 MB of its binary, in every command.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const harmful = /[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;

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
