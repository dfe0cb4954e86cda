/**
 * Labels of references like `[the guide][guide]` in a text. To a Markdown parser a reference whose label is defined
 * nowhere is plain text, so this is where such a label is found.
 */
export function undefinedReferences(text: string): string[] {
  const found: string[] = [];
  for (let at = text.indexOf(']['); at >= 0; at = text.indexOf('][', at + 2)) {
    const open = text.lastIndexOf('[', at - 1);
    const close = text.indexOf(']', at + 2);
    if (close < 0) break;
    const label = text.slice(at + 2, close);
    // `matrix[0][1]` is an index, and a footnote that is missing has a caret.
    const isIndex = open > 0 && isWordCharacter(text.charAt(open - 1));
    if (!isIndex && label !== '' && !label.includes('[') && !label.startsWith('^')) found.push(label);
  }
  return found;
}

function isWordCharacter(character: string): boolean {
  const isLetter = character.toLowerCase() !== character.toUpperCase();
  return isLetter || (character >= '0' && character <= '9') || character === ']';
}
