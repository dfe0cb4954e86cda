import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, it } from 'vitest';
import { Fences } from './fences.ts';
import { linesOf } from './lines.ts';

/** The numbers of the lines that are surely code. */
function sure(text: string): number[] {
  const fences = new Fences();
  return linesOf(text).flatMap((line, at) => (fences.read(line) ? [at + 1] : []));
}

/** The numbers of the lines that the parser takes for code. */
function real(text: string): Set<number> {
  const found = new Set<number>();
  const visit = (node: Nodes): void => {
    const { start, end } = node.position!;
    if (node.type === 'code') for (let line = start.line; line <= end.line; line++) found.add(line);
    if ('children' in node) for (const child of node.children) visit(child);
  };
  visit(fromMarkdown(text));
  return found;
}

describe('lines of code', () => {
  it.each([
    ['a\n```js\nb\n\n```\nc', [2, 3, 4, 5]],
    ['~~~\n```\n~~\n~~~~ \na', [1, 2, 3, 4]],
    ['``` a`\nb', []],
    ['- a\n\n  ```\n  b\n  ```\n\n```\nc\n```\nd', [7, 8, 9]],
    ['- a\n ```\nb\n```\nc', []],
    ['<div>\n```\n\na', []],
    ['<!-- a -->\n```\nb', [2, 3]],
    ['<!--\n\n```\n-->\na', []],
  ])('are found: %j', (text, lines) => {
    expect(sure(text)).toEqual(lines);
  });

  it('are code for the parser too', () => {
    const atom = fc.constantFrom(
      ...[
        '```',
        '````',
        '~~~',
        '```js',
        '``` a`',
        '\n',
        '\n\n',
        '- ',
        '> ',
        '1. ',
        '0. ',
        '3) ',
        '   ',
        '    ',
        ' ',
      ],
      ...[
        '\t',
        'a',
        '[a]: ',
        '"',
        '<pre>',
        '</pre>',
        '<!--',
        '-->',
        '<div>',
        '<b>',
        '<?',
        '?>',
        '<!A',
        '>',
        '---',
      ],
      ...['<![CDATA[', ']]>', '===', '# ', '* * *', '+ ', '</script>'],
    );
    const line = fc.array(atom, { maxLength: 3 }).map((atoms) => atoms.join(''));
    const text = fc.array(line, { maxLength: 10 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, (given) => {
        const code = real(given);
        expect(sure(given).filter((each) => !code.has(each))).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });
});
