/** Rows of a text, where the last of them ends, and whether a quote stands wrong in what follows. */
export interface Rows {
  readonly data: string[][];
  readonly end: number;
  readonly broken: boolean;
}

const [lineFeed, carriageReturn] = [10, 13];

/**
 * Reads the rows of a text as it comes: give it what it has left before what is new. A line with nothing in it is a row
 * without fields; with `""` it has one. A line ends with `\n` or `\r\n`, and with `\r` alone where the first one does.
 *
 * Its own, for Papa Parse knows one line break for all of a text, and does not tell `""` from nothing. It is as quick.
 */
export function createRowReader(delimiter: string): (text: string, last: boolean) => Rows {
  const separator = delimiter.charCodeAt(0);
  let alone: boolean | undefined;
  return (text, last) => {
    // Half of a line break or of a character at the end: what it is, the next piece tells.
    const tail = text.charCodeAt(text.length - 1);
    const isHalf = !last && (tail === carriageReturn || (tail & 0xfc00) === 0xd800);
    const length = isHalf ? text.length - 1 : text.length;
    const breakAt = (place: number): number => {
      const code = text.charCodeAt(place);
      if (code !== lineFeed && code !== carriageReturn) return 0;
      const size = code === carriageReturn && text.charCodeAt(place + 1) === lineFeed ? 2 : 1;
      alone ??= code === carriageReturn && size === 1;
      return code === lineFeed || size === 2 || alone ? size : 0;
    };
    const data: string[][] = [];
    let row: string[] = [];
    let end = 0;
    for (let at = 0; at < length || row.length > 0; ) {
      const from = at;
      let value: string;
      if (text[at] === '"') {
        let close = text.indexOf('"', at + 1);
        while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
        if (close < 0) return { data, end, broken: last };
        value = text.slice(at + 1, close).replaceAll('""', '"');
        at = close + 1;
        while ((text[at] === ' ' || text[at] === '\t') && text[at] !== delimiter) at++;
      } else {
        for (; at < length; at++) {
          const code = text.charCodeAt(at);
          if (code === separator ? text.startsWith(delimiter, at) : code <= carriageReturn && breakAt(at) > 0)
            break;
        }
        value = text.slice(from, at);
      }
      if (at === length && !last) break;
      if (at < length && text.startsWith(delimiter, at)) {
        row.push(value);
        at += delimiter.length;
        continue;
      }
      const size = breakAt(at);
      if (size === 0 && at < length) return { data, end, broken: true };
      if (row.length > 0 || at > from) row.push(value);
      data.push(row);
      row = [];
      at += size;
      end = at;
    }
    return { data, end, broken: false };
  };
}
