import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarkdownDocument } from './model.ts';
import { offsetsOf } from './offsets.ts';
import { parseMarkdown } from './parse.ts';

function read(text: string): MarkdownDocument {
  const document = parseMarkdown(text);
  if ('skipped' in document) throw new Error(`skipped: ${document.skipped}`);
  return document;
}

describe('code blocks', () => {
  const piece = fc.constantFrom(
    ...['```js', '```', '~~~', '> ```js', '> ', '>', '- ```js', '  ', '\t', '    ', '- a', '1. ```sh'],
    ...[
      'const a = (',
      'x',
      '',
      '  ```js',
      '\t```js',
      '>\t```',
      '<div>',
      'é😀',
      '* ```',
      '> const b',
      '\u2028',
    ],
  );
  const end = fc.constantFrom('\n', '\r\n', '\r');
  const text = fc
    .tuple(fc.constantFrom('', '\ufeff'), fc.array(fc.tuple(piece, piece, end), { maxLength: 10 }))
    .map(([mark, lines]) => mark + lines.flat().join(''));

  it('are found where they stand, whatever they are indented by and however lines end', () => {
    fc.assert(
      fc.property(text, (given) => {
        const document = parseMarkdown(given);
        if ('skipped' in document) return;
        for (const block of document.blocks) {
          const at = offsetsOf(block);
          // What a tab is longer than its line needs stands there as blanks.
          for (const [offset, character] of [...block.text.split('')].entries())
            if (!/\s/.test(character)) expect(given[at(offset)]).toBe(character);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('are found behind a byte order mark', () => {
    const { blocks, links } = read('\ufeff```js\na\n```\n\n[a](b.md)\n');
    expect(blocks).toMatchObject([{ language: 'js', start: 7, end: 8 }]);
    expect(links).toMatchObject([{ url: 'b.md', start: 18 }]);
  });
});

describe('what looks like an address', () => {
  const all = [
    ...[
      'ssh://git@github.com:x/y',
      'git+ssh://git@github.com/x',
      'npm i @a/b@1.2.x',
      '@a/b@c.de',
      'x/a@b.co',
    ],
    ...['/www.x.org', ':www.x.org', '<b>www.x.org', '[www.x.org', '[http://x.org', '–www.x.org', 'a\\@b.co'],
  ];

  it.each(all)('is a link of its line, also where the parser does not tell where it is: %s', (address) => {
    const { links } = read(`# A\n\n${address}\n\n[b](c.md)\n`);
    expect(links.filter(({ start }) => start === undefined).every(({ line }) => line === 3)).toBe(true);
    expect(links.at(-1)).toMatchObject({ url: 'c.md', line: 5 });
  });

  it('is checked, but has no place to be healed at', () => {
    expect(read('a\n\n> ssh://git@github.com/x\n').links).toEqual([
      { kind: 'link', url: 'mailto:git@github.com', start: undefined, line: 3 },
    ]);
  });

  const atom = fc.constantFrom(
    ...[
      'a',
      '\n',
      '\n\n',
      '- ',
      '> ',
      '1. ',
      '  ',
      '[',
      ']',
      '(',
      ')',
      '[^a]: ',
      '[a]: b',
      '![',
      '*',
      '**',
      '_',
    ],
    ...[
      '`',
      '<',
      '<a ',
      '</',
      '<!--',
      '-->',
      '|',
      '\\',
      '&',
      'http://',
      'https://x.org',
      'www.x.org',
      '@',
      'a@b',
    ],
    ...['a@b.co', '~', '~~', '# ', '"', '=', '\r', ':', '{', '/', '.', 'é', '，', '```', '\n|-|\n', '<h1>'],
  );

  it('never makes reading fail, whatever is around it', () => {
    const text = fc.array(atom, { maxLength: 12 }).map((atoms) => atoms.join(''));
    fc.assert(
      fc.property(text, (given) => {
        expect(read(given).text).toBe(given);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('headings in HTML', () => {
  it.each([
    ['<h1>a</h1>', ['a']],
    ['<h1 id="x">a <b>b</b></h1><h2>c</h2>', ['a b', 'c']],
    ['<h1>a<h1>b</h1>', ['ab']],
    ['<h1>a<h2>b</h2>', ['b']],
    ['<h1>a</h2>b</h1>', []],
    ['<h1>a</header>b</h1>', []],
  ])('%s', (html, titles) => {
    expect(read(`<div>\n${html}\n</div>\n`).headings.map(({ text }) => text)).toEqual(titles);
  });

  it('have their lines', () => {
    const { headings, links } = read('a\n\n<div>\n<a href="x">\n<h1>b</h1>\n<a href="y">\n');
    expect(headings).toMatchObject([{ line: 5 }]);
    expect(links.map(({ line }) => line)).toEqual([4, 6]);
  });
});

describe('a text that would hold up the parser', () => {
  const times = (count: number, text: string): string => text.repeat(count);
  const nested = Array.from({ length: 1000 }, (_, i) => `${times(i, '  ')}- a\n`).join('');
  const deep = nested.split('\n').slice(0, 25).join('\n');

  it.each([
    ['headings of HTML that do not end', times(80_000, '<h1>\n')],
    ['links of HTML', times(20_000, '<a href="x">\n')],
    ['links of HTML in a block', `<div>\n${times(60_000, '<a href="x">\n')}`],
    ['nested lists', nested],
    ['a deep list that goes on', `${deep}\n${times(20_000, 'a\n')}`],
    ['a deep list and blank lines', `${deep}\n${times(100_000, '\n')}`],
    ['quotes and lists that begin in each line', times(4000, '> - > - > - > - a\n\n')],
    ['blank lines', times(300_000, '\n')],
    ['short lines', times(300_000, 'a\n')],
    ['short rows', `|a|\n|-|\n${times(100_000, '|a\n')}`],
    ['addresses', times(100_000, 'a@b.c ')],
    ...['*', '|', '>', '<', '#', '-', '+', '1)', '<b> ', '> ', '      - ', '2. ', '*\n', '&lt;'].map(
      (first) => [`marks in lines that begin with ${first}`, `a\n${times(3000, `${first}*a_ *a_ *a_\n`)}`],
    ),
    ['marks below what is no table', `|a|b|\n|-|\n${times(3000, '|*a_ *a_ *a_\n')}`],
    ['marks below a comment with HTML', `<!--\n<div>\n-->\na\n${times(3000, '*a_ *a_ *a_\n')}`],
    ['marks below code in a list that ends', `- a\n  \`\`\`\na\n${times(3000, '*a_ *a_ *a_\n')}`],
    ['marks below code', `\`\`\`\na\n\`\`\`\n${times(3000, '*a_ *a_ *a_\n')}`],
    ['marks below what looks like the end of code', `- a\n ~~~\n\n~~~\n${times(3000, '*a_ *a_ *a_\n')}`],
    ['marks below what begins no code in HTML', `<pre>\n\n~~~\n</pre>\n${times(3000, '*a_ *a_ *a_\n')}`],
    ['marks below definitions', `[a]: b\n"\n${times(9000, '[a]: b\n')}`],
    ['definitions', times(30_000, '[a]: b\n')],
    ['marks below a table that ends', `a | b\n- | -\n# c | d\n${times(3000, '*a_ *a_ | *a_\n')}`],
    ['a line of marks across the page', `+ ${times(200_000, '- ')}`],
    ['a line of lists', `${times(40, '- ')}a`],
    ['marks below code in a list', `- \`\`\`\n  <div>\na\n${times(3000, '*a_ *a_ *a_\n')}`],
  ])('is not read: %s', (_, text) => {
    expect('skipped' in parseMarkdown(text as string)).toBe(true);
  });

  it.each([
    ['a long table', `| a | b |\n|---|:-:|\n${times(1500, '| `a` | [b](c.md) *d* \\| |\n')}`],
    ['a long table of HTML', `<table>\n${times(3000, '<tr><td><b>a</b></td></tr>\n')}</table>\n`],
    ['a long list', times(4000, '- `a` [b](c.md)\n')],
    ['a list in a list', times(2000, '- `a`\n  - [b](c.md)\n    - *c*\n')],
    ['many paragraphs', times(2000, 'A *b* and `c`, [d](e.md).\n\n')],
    ['definitions of links', `a\n\n${times(3500, '[#1]: https://x.org/pull/1\n')}`],
    ['a list in which all is first', times(2000, '0. `a` [b](c.md)\n')],
    ['a table without marks at its ends', `a | b\n--- | :-:\n${times(1500, '`a` | [b](c.md)\n')}`],
    ['a box in code', `\`\`\`\n+ ${times(34, '- ')}+\n${times(34, '- ')}> a\n\`\`\`\n`],
    ['dashes that are indented', `a\n\n      ${times(34, '- ')}\n\n+ ${times(34, '- ')}\n`],
    ['code of XML', `\`\`\`xml\n${times(2800, '  <item name="x">value</item>\n')}\`\`\`\n`],
    ['code of YAML', `~~~yaml\n${times(3000, '        - name: A\n          value: "[x]"\n')}~~~\n`],
    [
      'code behind a list with code',
      `- a\n\n  ~~~\n  b\n  ~~~\n\nc\n\n~~~\n${times(3000, '- *a*: `b`\n  - c\n')}~~~\n`,
    ],
    ['a long block of code', `\`\`\`\n${times(20_000, 'a = b\n')}\`\`\`\n`],
  ])('is not one of those that are only long: %s', (_, text) => {
    expect('skipped' in parseMarkdown(text)).toBe(false);
  });
});
