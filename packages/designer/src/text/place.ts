/** Where in a document a cursor is, made out by indentation: the text need not be right. */
export interface TextPlace {
  /** Keys of the mappings around, from the outside in. Lists have no part in it. */
  readonly path: readonly string[];
  /** Of the line that the cursor is in. */
  readonly key: string;
  /** The cursor is behind the colon. */
  readonly isValue: boolean;
  /** Id of the step around. */
  readonly step: string | undefined;
  readonly handler: string | undefined;
  /** Keys that the mapping has already. */
  readonly taken: ReadonlySet<string>;
}

interface Line {
  /** Column at which the key starts, behind dashes. */
  readonly column: number;
  /** Column of the dash that opens an item. */
  readonly dash: number | undefined;
  readonly key: string;
  readonly value: string;
}

/** Finds the place of an offset in block-style YAML. */
export function placeIn(text: string, offset: number): TextPlace {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const lines = text.split('\n');
  const at = text.slice(0, start).split('\n').length - 1;
  const before = text.slice(start, offset);
  const own = readLine(lines[at] ?? '') ?? {
    column: before.length - before.trimStart().length,
    dash: undefined,
    key: '',
    value: '',
  };
  const path: string[] = [];
  // The mapping that the walk upwards is in: its column, and the item of a list that it is, if any.
  let column: number | undefined = own.column;
  let item = own.dash === undefined ? undefined : { line: at, column: own.column };
  let limit = own.dash === undefined ? own.column : own.dash + 1;
  let outermost = item;
  for (let above = at - 1; above >= 0; above--) {
    const line = readLine(lines[above]!);
    if (!line) continue;
    if (line.column < limit && line.key !== '') {
      path.unshift(line.key);
      outermost = item;
      column = line.column;
      limit = line.column;
      item = undefined;
    } else if (item !== undefined || line.column !== column) continue;
    if (line.dash === undefined) continue;
    item = { line: above, column: line.column };
    limit = line.dash + 1;
  }
  const inStep = path[0] === 'steps' && outermost !== undefined;
  const fields = inStep ? fieldsOf(lines, outermost!.line, outermost!.column) : new Map<string, string>();
  return {
    path,
    key: own.key,
    isValue:
      /^\s*(?:-\s+)*[\w-]+:\s/.test(before) ||
      (own.key === '' && /^\s*-\s/.test(before) && path.at(-1) === 'dependencies'),
    step: fields.get('id'),
    handler: fields.get('handler'),
    taken: siblings(lines, at, own.column),
  };
}

function readLine(text: string): Line | undefined {
  const match = /^(\s*)((?:-\s+)*)(?:([\w-]+|"[^"]*"):(?:\s+(.*))?)?/.exec(text);
  if (!match || text.trim() === '' || text.trim().startsWith('#')) return undefined;
  const [, indent = '', dashes = '', key = '', value = ''] = match;
  return {
    column: indent.length + dashes.length,
    dash: dashes === '' ? undefined : indent.length,
    key,
    value,
  };
}

function fieldsOf(lines: readonly string[], from: number, column: number): Map<string, string> {
  const fields = new Map<string, string>();
  for (let at = from; at < lines.length; at++) {
    const line = readLine(lines[at]!);
    if (!line) continue;
    if (at > from && (line.column < column || (line.dash !== undefined && line.dash < column))) break;
    if (line.column === column && line.key !== '')
      fields.set(line.key, line.value.replace(/\s+#.*$/, '').replace(/^(["'])(.*)\1$/, '$2'));
  }
  return fields;
}

function siblings(lines: readonly string[], at: number, column: number): Set<string> {
  const keys = new Set<string>();
  for (const step of [-1, 1])
    for (let next = at + step; next >= 0 && next < lines.length; next += step) {
      const line = readLine(lines[next]!);
      if (!line) continue;
      const opens = line.dash !== undefined && line.column === column;
      if (line.column < column || (step > 0 && opens)) break;
      if (line.column === column && line.key !== '') keys.add(line.key);
      if (opens) break;
    }
  return keys;
}
