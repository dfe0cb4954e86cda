import { createHash } from 'node:crypto';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createContext } from '../testing/context.ts';
import { failure } from '../testing/failure.ts';
import { makeFolder } from '../testing/folder.ts';
import { type FormatName, type FormatOptions, readerOf } from './formats.ts';
import { data } from './index.ts';

let root: string;

beforeEach(async () => {
  root = await makeFolder();
});

async function run<T = Record<string, unknown>>(
  name: string,
  config: object,
  signal?: AbortSignal,
): Promise<T> {
  const module = await data.handlers![name]!.load!();
  return (await module.execute(createContext(config, { root, signal }) as never)) as T;
}
const parse = async (config: object): Promise<unknown> => (await run('parse', config)).value;
const put = (path: string, text: string | Uint8Array): Promise<void> => writeFile(join(root, path), text);
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

const table = (first: string, second: string): unknown[] => [
  { [first]: '1', [second]: 'Ana' },
  { [first]: '2', [second]: 'Bo' },
];

describe('data.parse', () => {
  it.each([
    [
      'csv',
      'a,b\n1,"x, ""y""\nz"\n\n2,\n',
      [
        { a: '1', b: 'x, "y"\nz' },
        { a: '2', b: '' },
      ],
    ],
    ['csv', '\uFEFFa;b\r\n1;2\r\n', [{ a: '1', b: '2' }], { delimiter: ';' }],
    ['csv', 'a\r1\r2', [{ a: '1' }, { a: '2' }]],
    ['csv', '1,2\n3', [['1', '2'], ['3']], { columns: false }],
    ['csv', '1,2', [{ x: '1', y: '2' }], { columns: ['x', 'y'] }],
    ['csv', '', []],
    // Line breaks in quotes end no line, whatever the first line has of them.
    ['csv', '"Amount\n(EUR)",Name\r\n1,Ana\r\n2,Bo', table('Amount\n(EUR)', 'Name')],
    ['csv', '"a\r\nb",Name\n1,Ana\n2,Bo\n', table('a\r\nb', 'Name')],
    ['csv', '"a ""\n""",Name\r\n1,Ana\r\n2,Bo\r\n', table('a "\n"', 'Name')],
    ['csv', '"a\n",Name\r1,Ana\r2,Bo', table('a\n', 'Name')],
    ['csv', 'size 5",Name\r\n1,Ana\r\n2,Bo\r\n', table('size 5"', 'Name')],
    [
      'csv',
      '1,"Ana"\t \r\n"2" , Bo',
      [
        ['1', 'Ana'],
        ['2', ' Bo'],
      ],
      { columns: false },
    ],
    ['csv', '"a"😀b\n1😀"Ana"\n2😀Bo\n', table('a', 'b'), { delimiter: '😀' }],
    // Lines that end otherwise than the first.
    ['csv', 'a,b\n1,Ana\r\n2,Bo\r\n', table('a', 'b')],
    ['csv', 'a,b\r\n1,"Ana"\n2,Bo\n', table('a', 'b')],
    ['csv', 'a,b\r\r\n1,Ana\r\r\n2,Bo\r\r\n', table('a', 'b')],
    ['csv', 'a\nx\ry\r\n"z\r"\n"z\r"\r\n', [{ a: 'x\ry' }, { a: 'z\r' }, { a: 'z\r' }]],
    // Lines with nothing in them.
    ['csv', '\n\na\n\nx\n\n\ny\n\n', [{ a: '' }, { a: 'x' }, { a: '' }, { a: '' }, { a: 'y' }]],
    ['csv', 'a\n""\n', [{ a: '' }]],
    ['csv', 'a\n\n', []],
    ['csv', 'a,b\n\n1,Ana\n\n\n2,Bo\n\n\n', table('a', 'b')],
    ['csv', '1\n\n""\n', [['1'], ['']], { columns: false }],
    ['jsonl', '{"a":1}\n\n[2]\r\nnull', [{ a: 1 }, [2], null]],
    ['json', ' [1, {"a": 2}]', [1, { a: 2 }]],
    ['json', '{"a": 1}', [{ a: 1 }]],
    [
      'xml',
      '<?xml version="1.0"?><r v="1"><i>a</i><i k="2">b &amp; c</i><!-- x --><e/><t><![CDATA[<&]]></t></r>',
      { r: { '@v': '1', i: ['a', { '@k': '2', '#text': 'b & c' }], e: '', t: '<&' } },
    ],
    ['xml', '<r><a><i><x>1</x></i></a><i>2</i><i/></r>', [{ x: '1' }, '2', ''], { record: 'i' }],
  ])('%s: %j', async (format, text, value, more: object = {}) => {
    expect(await parse({ format, text, ...more })).toEqual(value);
    await put('file', text);
    expect(await parse({ format, path: 'file', ...more })).toEqual(value);
    const whole = text.replace(/^\uFEFF/, '');
    if (format === 'csv') expect(await readCut(whole, { format, ...more }, [1])).toEqual(value);
  });

  it.each([
    ['csv', 'a,b\n1', 'DATA_INVALID', /Record 2 of the CSV has 1 fields, its header 2/],
    ['csv', 'a,a\n', 'DATA_INVALID', /column "a" twice/],
    ['csv', 'a\n"x', 'DATA_INVALID', /quote/],
    ['csv', 'a\n"x"y\n', 'DATA_INVALID', /quote/],
    ['csv', 'a\n1\n"x"\ry\n', 'DATA_INVALID', /Record 3 of the CSV has a quote/],
    ['csv', '__proto__\n1', 'DATA_INVALID', /not allowed/],
    ['jsonl', '{}\n{', 'DATA_INVALID', /Line 2 is not JSON/],
    ['json', '{"secret": ', 'DATA_INVALID', /^The text is not JSON\.$/],
    ['xml', '<a><b></a>', 'DATA_INVALID', /not well-formed/],
    ['xml', '', 'DATA_INVALID', /./],
    ['xml', '<__proto__/>', 'DATA_INVALID', /not allowed/],
    ['xml', '<a>'.repeat(200), 'DATA_INVALID', /deeper than 100/],
    ['xml', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 'DATA_INVALID', /entity/],
    [
      'xml',
      '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;"><!ENTITY d "&c;&c;&c;">]><a>&d;</a>',
      'DATA_INVALID',
      /entity/,
    ],
  ])('refuses %s %j', async (format, text, code, message) => {
    const error = await failure(run('parse', { format, text }));
    expect(error).toMatchObject({ code, retryable: false });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('secret');
  });

  it('keeps its limits', async () => {
    const text = 'a\n1\n2\n3\n';
    expect(await run('parse', { format: 'csv', text, limit: 2 })).toMatchObject({
      count: 2,
      truncated: true,
    });
    expect(await run('parse', { format: 'csv', text, limit: 3 })).toMatchObject({
      count: 3,
      truncated: false,
    });
    for (const config of [{ text: 'x'.repeat(101) }, { path: 'long' }]) {
      await put('long', 'x'.repeat(101));
      expect(await failure(run('parse', { format: 'csv', max_bytes: 100, ...config }))).toMatchObject({
        code: 'DATA_TOO_LARGE',
      });
    }
    const long = 'x'.repeat(2_000_000);
    for (const [format, bomb] of [
      ['csv', `a\n"${long}`],
      ['csv', long],
      ['jsonl', long],
    ])
      expect(await failure(run('parse', { format, text: bomb }))).toMatchObject({ code: 'DATA_INVALID' });
    expect(
      await failure(run('parse', { format: 'xml', record: 'i', text: `<r><i>${long}</i></r>` })),
    ).toMatchObject({ code: 'DATA_INVALID' });
  });

  it.each([
    ['<r><i>', 'x'],
    ['<r>', 'x'],
    ['<r><!--', 'x'],
    ['<r><![CDATA[', 'x'],
    ['<r><?p ', 'x'],
    ['<r><i a="', 'x'],
    ['<r><i ', ' a="x"'],
    ['<', 'x'],
    ['<!DOCTYPE r [', ' '],
  ])('keeps no XML without end: %s%s…', async (begin, more) => {
    let taken = 0;
    async function* source(): AsyncGenerator<string> {
      yield begin;
      for (; taken < 100; taken++) yield more.repeat(100_000 / more.length);
    }
    const options = { format: 'xml', record: 'i' } as const;
    const records = (await readerOf('xml'))(source(), options, { maxRecord: 500_000 });
    expect(await failure(records.next())).toMatchObject({ code: 'DATA_INVALID' });
    expect(taken).toBeLessThan(10);
  });

  it('reads and writes many columns in little time', async () => {
    const names = Array.from({ length: 120_000 }, (_, i) => i.toString(36));
    const value = [Object.fromEntries(names.map((name) => [`${name}_`, '']))];
    const started = performance.now();
    const { text } = await run<{ text: string }>('format', { format: 'csv', value });
    expect(await parse({ format: 'csv', text })).toEqual(value);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('wants one source, text in UTF-8, and none from outside', async () => {
    expect(await failure(run('parse', { format: 'csv' }))).toMatchObject({ code: 'CONFIG_INVALID' });
    await put('latin', Buffer.from([0x61, 0xfc]));
    expect(await failure(run('parse', { format: 'csv', path: 'latin' }))).toMatchObject({
      code: 'DATA_ENCODING',
    });
    await symlink('/etc/passwd', join(root, 'link'));
    for (const path of ['../x', 'link', '/etc/passwd'])
      expect(await failure(run('parse', { format: 'csv', path }))).toMatchObject({ code: 'PATH_OUTSIDE' });
    expect(await failure(run('parse', { format: 'csv', path: 'none' }))).toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });
});

/** As a file would come: cut anywhere. */
async function* cut(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  for (let at = 0, i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length]!;
    yield text.slice(at, at + size);
    at += size;
  }
}

async function readCut(text: string, options: FormatOptions, sizes: readonly number[]): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const list of (await readerOf(options.format))(cut(text, sizes), options, { maxRecord: 1e6 }))
    all.push(...list);
  return all;
}

describe('what is written is read as the same', () => {
  const text = fc.string({
    unit: fc.constantFrom(
      'a',
      'ü',
      '"',
      ',',
      '\n',
      '\r',
      '\r\n',
      ' ',
      "'",
      '<',
      '&',
      ']]>',
      '{',
      '=',
      '😀',
      '\t',
    ),
  });
  const records = fc.array(fc.record({ 'a b': text, c: text }), { minLength: 1 });
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });

  it.each(['csv', 'jsonl', 'json'] as FormatName[])('%s, wherever it is cut', async (format) => {
    await fc.assert(
      fc.asyncProperty(records, sizes, async (value, at) => {
        const { text: written } = await run<{ text: string }>('format', { format, value });
        expect(await readCut(written, { format }, at)).toEqual(value);
      }),
      { numRuns: 150 },
    );
  });

  it('csv of a single column, whatever is missing', async () => {
    const values = fc.array(fc.record({ a: text }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(values, sizes, async (value, at) => {
        const { text: written } = await run<{ text: string }>('format', { format: 'csv', value });
        expect(await readCut(written, { format: 'csv' }, at)).toEqual(value);
        const rows = value.map(({ a }) => [a]);
        const options = { format: 'csv', columns: false } as const;
        const lists = await run<{ text: string }>('format', { ...options, value: rows });
        expect(await readCut(lists.text, options, at)).toEqual(rows);
      }),
      { numRuns: 150 },
    );
  });

  it('xml, but for space around text', async () => {
    const trimmed = text.map((each) => each.trim());
    const values = fc.array(fc.record({ a: trimmed, '@b': text }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(values, sizes, async (value, at) => {
        const { text: written } = await run<{ text: string }>('format', { format: 'xml', value });
        expect(await readCut(written, { format: 'xml', record: 'record' }, at)).toEqual(value);
      }),
      { numRuns: 150 },
    );
  });
});

/** A record with so many elements in one another. */
function nested(depth: number): unknown {
  let value: unknown = 'x';
  for (let i = 0; i < depth; i++) value = { a: value };
  return value;
}

describe('data.format', () => {
  it.each([
    [{ format: 'csv', value: [{ a: 1, b: null }, { b: { c: [1] } }] }, 'a,b\n1,\n,"{""c"":[1]}"\n'],
    [{ format: 'csv', value: [{ a: '=1+1', b: -1 }], escape_formulas: true }, 'a,b\n"\'=1+1",-1\n'],
    [
      {
        format: 'csv',
        value: [['=1+1\nx', '\n=1', '@a\r\n', '＝1', 'x\n=1', -1]],
        columns: false,
        escape_formulas: true,
      },
      '"\'=1+1\nx","\'\n=1","\'@a\r\n","\'＝1","x\n=1",-1\n',
    ],
    [{ format: 'csv', value: [], columns: ['a'] }, 'a\n'],
    [{ format: 'csv', value: [{ a: 1, b: 2 }], columns: ['b'] }, 'b\n2\n'],
    [{ format: 'csv', value: [[1, 2]], columns: false }, '1,2\n'],
    [{ format: 'csv', value: [{ a: '' }, { a: 'x' }, { a: null }, {}] }, 'a\n""\nx\n""\n""\n'],
    [{ format: 'csv', value: [[1, 2], [''], ['', '']], columns: false }, '1,2\n""\n,\n'],
    [{ format: 'json', value: [] }, '[]\n'],
    [{ format: 'json', value: [1, { a: 2 }] }, '[\n1,\n{"a":2}\n]\n'],
    [{ format: 'jsonl', value: [1, null] }, '1\nnull\n'],
    [
      { format: 'xml', value: [{ a: '<', '@b': '"' }, null], root: 'list', record: 'item' },
      '<?xml version="1.0" encoding="UTF-8"?>\n<list>\n  <item b="&quot;"><a>&lt;</a></item>\n  <item/>\n</list>\n',
    ],
  ])('%j', async (config, text) => {
    expect(await run('format', config)).toMatchObject({
      text,
      count: config.value.length,
      size: Buffer.byteLength(text),
    });
    const { path } = await run<{ path: string }>('format', { ...config, path: 'out/file' });
    expect(await read(path)).toBe(text);
  });

  it('writes no XML that data.parse refuses', async () => {
    const value = [
      nested(98),
      { हिन्दी: '1', 'x:y-z.1': '2', '@日': '\u0085\u2028' },
      { '@a': '', '#text': 'b' },
    ];
    const { text } = await run<{ text: string }>('format', { format: 'xml', value });
    expect(await parse({ format: 'xml', record: 'record', text })).toEqual(value);
    const empty = await run<{ text: string }>('format', {
      format: 'xml',
      value: [{ '@a': null, '#text': null }],
    });
    expect(empty.text).toContain('<record a=""/>');
  });

  it.each([
    [{ format: 'csv', value: [{ a: 1 }, { a: 1, b: 2 }] }, /Record 2 has the field "b"/],
    [{ format: 'csv', value: [1] }, /no object/],
    [{ format: 'xml', value: [{ 'a><b': 1 }] }, /cannot be the name/],
    [{ format: 'xml', value: [{ '@a="" b': 1 }] }, /cannot be the name/],
    [{ format: 'xml', value: [{ 'm²': 1 }] }, /cannot be the name/],
    [{ format: 'xml', value: [{ µm: 1 }] }, /cannot be the name/],
    [{ format: 'xml', value: ['a\ud800b'] }, /half a character/],
    [{ format: 'xml', value: [{ '@a': '\udc00' }] }, /half a character/],
    [{ format: 'xml', value: [{ '@a': { b: 1 } }] }, /"@a" cannot hold/],
    [{ format: 'xml', value: [{ '#text': ['b'] }] }, /"#text" cannot hold/],
    [{ format: 'xml', value: [nested(99)] }, /deeper than 100/],
    [{ format: 'xml', value: ['\u0000'] }, /control character/],
    [{ format: 'xml', value: [], root: 'a><b' }, /cannot be the name/],
  ])('refuses %j', async (config, message) => {
    const error = await failure(run('format', config));
    expect(error).toMatchObject({ code: 'DATA_INVALID', message: expect.stringMatching(message) as string });
  });
});

describe('data.convert', () => {
  it('converts through all formats, and onto itself', async () => {
    await put('a.csv', 'id,name\n1,"x, y"\n2,ü\n');
    const record = 'r';
    const chain = [
      { path: 'a.csv', format: 'csv' },
      { path: 'b.jsonl', format: 'jsonl' },
      { path: 'c.xml', format: 'xml', record },
      { path: 'd.json', format: 'json' },
      { path: 'd.json', format: 'csv' },
    ];
    for (let i = 0; i + 1 < chain.length; i++)
      expect(await run('convert', { from: chain[i], to: chain[i + 1] })).toMatchObject({
        count: 2,
        path: chain[i + 1]!.path,
      });
    expect(await read('d.json')).toBe(await read('a.csv'));
  });

  it('takes little memory for a large file, and leaves the event loop free', async () => {
    const rows = Array.from(
      { length: 300_000 },
      (_, i) => `${i},"Name, ${i}",some text that goes on and on ${i}\n`,
    );
    await put('large.csv', `id,name,note\n${rows.join('')}`);
    global.gc?.();
    const before = process.memoryUsage().rss;
    let most = 0;
    let turns = 0;
    const watch = setInterval(() => {
      turns++;
      most = Math.max(most, process.memoryUsage().rss);
    }, 10);
    const output = await run('convert', {
      from: { path: 'large.csv', format: 'csv' },
      to: { path: 'large.jsonl', format: 'jsonl' },
    });
    clearInterval(watch);
    const text = await read('large.jsonl');
    expect(output).toMatchObject({
      count: 300_000,
      size: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
    });
    expect(text.slice(text.lastIndexOf('\n', text.length - 2) + 1)).toBe(
      '{"id":"299999","name":"Name, 299999","note":"some text that goes on and on 299999"}\n',
    );
    expect(turns).toBeGreaterThan(10);
    expect(most - before).toBeLessThan(150 * 1024 * 1024);
  });

  it('leaves no half of a target, nor anything else', async () => {
    await put('a.jsonl', '{"a":1}\n{"a":2}\nbroken\n');
    await put('b.csv', 'old');
    const config = { from: { path: 'a.jsonl', format: 'jsonl' }, to: { path: 'b.csv', format: 'csv' } };
    expect(await failure(run('convert', config))).toMatchObject({ code: 'DATA_INVALID' });
    expect(await read('b.csv')).toBe('old');
    expect(await failure(run('convert', config, AbortSignal.abort(new Error('cancelled'))))).toMatchObject({
      message: 'cancelled',
    });
    expect((await import('node:fs')).readdirSync(root).sort()).toEqual(['a.jsonl', 'b.csv']);
    const outside = { ...config, to: { path: '../b.csv', format: 'csv' } };
    expect(await failure(run('convert', outside))).toMatchObject({ code: 'PATH_OUTSIDE' });
    const xml = { from: { path: 'a.jsonl', format: 'xml' }, to: config.to };
    expect(await failure(run('convert', xml))).toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('data.template', () => {
  it.each([
    ['Hello {{name}}, {{{name}}}', { name: '<b>' }, 'Hello &lt;b&gt;, <b>'],
    ['{{#list}}{{.}};{{/list}}{{^none}}nothing{{/none}}', { list: [1, 2] }, '1;2;nothing'],
    ['{{a.b}} {{missing}}', { a: { b: 1 } }, '1 '],
    ['{{constructor}}{{__proto__}}{{toString}}{{a.constructor.constructor}}', { a: {} }, ''],
    ['{{#constructor.constructor}}return process{{/constructor.constructor}}', {}, ''],
    [
      '{{l.constructor}}{{l.map}}{{t.constructor.name}}{{#t}}{{constructor}}{{/t}}{{t.length}}',
      { l: [], t: 'x' },
      '',
    ],
  ])('%s', async (template, values, text) => {
    expect(await run('template', { template, values })).toMatchObject({ text });
  });

  it('takes files, partials, and values as they are', async () => {
    await put('t.md', '{{#rows}}{{> row}}{{/rows}}');
    const config = {
      template_path: 't.md',
      values: { rows: [{ a: '<' }] },
      partials: { row: '* {{a}}\n' },
      escape: 'none',
      path: 'out.md',
    };
    expect(await run('template', config)).toEqual({ path: 'out.md', size: 4 });
    expect(await read('out.md')).toBe('* <\n');
  });

  it.each([
    [{ template: '{{#a}}', values: {} }, 'DATA_INVALID'],
    [{ template: '{{> a}}', values: {}, partials: { a: '{{> a}}' } }, 'DATA_INVALID'],
    [
      { template: `${'{{#a}}'.repeat(5)}x${'{{/a}}'.repeat(5)}`, values: { a: Array(500).fill('y') } },
      'DATA_TOO_LARGE',
    ],
    [
      { template: `${'{{#a}}'.repeat(5)}${'{{/a}}'.repeat(5)}`, values: { a: Array(500).fill(1) } },
      'DATA_TOO_LARGE',
    ],
    [{ values: {} }, 'CONFIG_INVALID'],
  ])('refuses %#', async (config, code) => {
    expect(await failure(run('template', config))).toMatchObject({ code, retryable: false });
  });
});
