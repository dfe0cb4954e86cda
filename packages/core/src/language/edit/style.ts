/** How a document is written, so that what is added looks alike. */
export interface Style {
  /** End of a line. */
  eol: '\n' | '\r\n';
  /** Spaces per level. */
  indent: number;
  /** The whole text is JSON and has to stay JSON. */
  json: boolean;
  /** `{ a: 1 }` and not `{a: 1}`. */
  padded: boolean;
  /** Lists stand deeper than the key that holds them. */
  indentedLists: boolean;
}

/** Reads the style off a text. */
export function detectStyle(text: string): Style {
  const indent = /^( +)\S/m.exec(text)?.[1]?.length ?? 2;
  const list = /^( *)[^\s#-][^\n]*:[ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*( *)- /m.exec(text);
  return {
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    indent: indent > 8 ? 2 : indent,
    json: isJson(text),
    padded: !/\{[^\s}]/.test(text.replaceAll('${', '')) || /\{ /.test(text),
    indentedLists: !list || list[2]!.length > list[1]!.length,
  };
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
