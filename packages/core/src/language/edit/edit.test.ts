import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import type { JsonValue } from '../../model/json.ts';
import { parseDocument } from '../parse.ts';
import { type Path, valueAt } from '../path.ts';
import type { Edit } from './change.ts';
import { editDocument } from './edit.ts';

// Some of these are heavy, and other packages are tested at the same time.
vi.setConfig({ testTimeout: 60_000 });

const text = `# The nightly report
id: report   # keep
name: 'Nightly report'
config: { base: "https://example.test", list: [1, 2] }

steps:
  # loads the rows
  - id: load
    handler: http.request
    config:
      url: "\${config.base}/rows"   # the address
      # a long line follows
      headers: { accept: "application/json", x-long: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
    retry: &retry
      attempts: 3

  # writes them
  - id: write
    handler: file.write
    dependencies: [load]
    retry: *retry
    config:
      script: |
        line one

        line two
      empty:
  - {id: last, handler: core.set, dependencies: [write, "load:error"], config: {value: "\${steps.load.output}"}}
`;

/** Lines that only one of the texts has. */
function changed(before: string, after: string): { gone: string[]; come: string[] } {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return { gone: old.slice(start, old.length - end), come: now.slice(start, now.length - end) };
}

const edited = (...edits: Edit[]) => changed(text, editDocument(text, edits));

describe('one edit changes the lines that it is about', () => {
  test.each<[string, Edit, string[], string[]]>([
    ['a plain scalar', { set: 'id', value: 'daily' }, ['id: report   # keep'], ['id: daily   # keep']],
    ['quotes stay', { set: 'name', value: "It's" }, ["name: 'Nightly report'"], ["name: 'It''s'"]],
    [
      'text behind a comment',
      { set: 'steps.load.config.url', value: 'x: "y" # z' },
      ['      url: "${config.base}/rows"   # the address'],
      ['      url: "x: \\"y\\" # z"   # the address'],
    ],
    [
      'inside of a flow mapping',
      { set: 'config.base', value: 'http://a.test' },
      ['config: { base: "https://example.test", list: [1, 2] }'],
      ['config: { base: "http://a.test", list: [1, 2] }'],
    ],
    [
      'a new key in a flow mapping',
      { set: 'config.more', value: { a: [true, null] } },
      ['config: { base: "https://example.test", list: [1, 2] }'],
      ['config: { base: "https://example.test", list: [1, 2], more: { a: [true, null] } }'],
    ],
    [
      'a list grows',
      { insert: 'config.list.2', value: 3 },
      ['config: { base: "https://example.test", list: [1, 2] }'],
      ['config: { base: "https://example.test", list: [1, 2, 3] }'],
    ],
    [
      'a list grows at its front',
      { insert: 'steps.write.dependencies.0', value: 'a:b' },
      ['    dependencies: [load]'],
      ['    dependencies: [a:b, load]'],
    ],
    ['a new key in a block mapping', { set: 'steps.load.timeout', value: '10s' }, [], ['    timeout: 10s']],
    ['a new key of the document', { set: 'timeout', value: '1h' }, [], ['timeout: 1h']],
    [
      'a key without a value',
      { set: 'steps.write.config.empty', value: 'x' },
      ['      empty:'],
      ['      empty: x'],
    ],
    [
      'something deep that is not there yet',
      { set: 'steps.write.compensate.config.path', value: 'a' },
      [],
      ['    compensate:', '      config:', '        path: a'],
    ],
    [
      'a literal block',
      { set: 'steps.write.config.script', value: 'line one\n\nline 2\n' },
      ['        line two'],
      ['        line 2'],
    ],
    [
      'a removed entry with its comment on the line',
      { remove: 'steps.load.config.url' },
      ['      url: "${config.base}/rows"   # the address'],
      [],
    ],
    [
      'a removed entry of a flow mapping',
      { remove: 'config.base' },
      ['config: { base: "https://example.test", list: [1, 2] }'],
      ['config: { list: [1, 2] }'],
    ],
    [
      'the last entry of a flow list',
      { remove: 'config.list.1' },
      ['config: { base: "https://example.test", list: [1, 2] }'],
      ['config: { base: "https://example.test", list: [1] }'],
    ],
    [
      'the only entry of a list',
      { remove: 'steps.write.dependencies.0' },
      ['    dependencies: [load]'],
      ['    dependencies: []'],
    ],
    [
      'an alias is written out',
      { set: 'steps.write.retry.attempts', value: 5 },
      ['    retry: *retry'],
      ['    retry:', '      attempts: 5'],
    ],
    [
      'a step in flow style',
      { set: 'steps.last.name', value: 'Last, not least' },
      [
        '  - {id: last, handler: core.set, dependencies: [write, "load:error"], config: {value: "${steps.load.output}"}}',
      ],
      [
        '  - {id: last, handler: core.set, dependencies: [write, "load:error"], config: {value: "${steps.load.output}"}, name: "Last, not least"}',
      ],
    ],
    ['a key before the first', { remove: ['steps', 1, 'handler'] }, ['    handler: file.write'], []],
  ])('%s', (_name, edit, gone, come) => {
    expect(edited(edit)).toEqual({ gone, come });
  });
});

test('the first key of a step in a list can go', () => {
  expect(edited({ remove: ['steps', 0, 'id'] })).toEqual({
    gone: ['  - id: load', '    handler: http.request'],
    come: ['  - handler: http.request'],
  });
});

test('a step is added behind the one before it, in block style', () => {
  const value = {
    id: 'mail',
    handler: 'mail.send',
    dependencies: ['write'],
    config: { to: ['a@b.test'], text: 'Hi\nthere\n' },
  };
  expect(edited({ insert: 'steps.2', value })).toEqual({
    gone: [],
    come: [
      '  - id: mail',
      '    handler: mail.send',
      '    dependencies: [write]',
      '    config:',
      '      to: ["a@b.test"]',
      '      text: |',
      '        Hi',
      '        there',
    ].map((line) => line.replace('["a@b.test"]', '[a@b.test]')),
  });
});

test('a whole step is removed; the comment above it stays', () => {
  const now = editDocument(text, [{ remove: 'steps.write' }]);
  expect(now).toContain('# writes them\n  - {id: last');
  expect(parse(now).steps).toHaveLength(2);
});

test('the first step goes, and an alias of a part of it is written out', () => {
  const now = editDocument(text, [{ remove: 'steps.load' }]);
  expect(now).toContain('  # loads the rows\n');
  expect(parse(now).steps[0].retry).toEqual({ attempts: 3 });
  expect(now).toContain('        line two');
});

test('a change of what has an alias changes that place only', () => {
  const now = editDocument(text, [{ set: 'steps.load.retry.attempts', value: 9 }]);
  const { steps } = parse(now);
  expect([steps[0].retry, steps[1].retry]).toEqual([{ attempts: 9 }, { attempts: 3 }]);
  expect(changed(text, now).gone.length).toBeLessThan(10);
});

test('setting a whole mapping changes what differs', () => {
  const config = {
    url: 'https://b.test',
    headers: (parse(text) as { steps: { config: { headers: JsonValue } }[] }).steps[0]!.config.headers,
  };
  expect(edited({ set: 'steps.load.config', value: config })).toEqual({
    gone: ['      url: "${config.base}/rows"   # the address'],
    come: ['      url: "https://b.test"   # the address'],
  });
});

test('from a line to several and back', () => {
  const one = 'name: x\nsteps: []\nconfig: 1 # c\n';
  const more = editDocument(one, [
    { set: 'steps', value: [{ id: 'a', handler: 'core.set', config: { value: [{ a: 1 }] } }] },
  ]);
  expect(more).toBe(
    'name: x\nsteps:\n  - id: a\n    handler: core.set\n    config:\n      value:\n        - a: 1\nconfig: 1 # c\n',
  );
  expect(editDocument(more, [{ set: 'steps', value: [] }])).toBe(one);
  expect(editDocument(more, [{ remove: 'steps.0' }])).toBe(one);
});

test('a folded text of which words change keeps its breaks', () => {
  const given = `steps:
  - id: load
    handler: core.set
  - id: tell
    handler: core.log
    dependencies: [load]
    config:
      message: >-
        There are \${size(steps.load.output)}
        rows, the first of which
          is \${steps.load.output[0]}.

        That is all.
      level: info
`;
  expect(editDocument(given, [{ rename: 'load', to: 'fetch' }])).toBe(
    given
      .replaceAll('steps.load', 'steps.fetch')
      .replace('id: load', 'id: fetch')
      .replace('[load]', '[fetch]'),
  );
  const path = ['steps', 1, 'config', 'message'];
  const other = editDocument(given, [{ set: path, value: 'Something else' }]);
  expect(valueAt(parseDocument(other).value, path)).toBe('Something else');
});

test('any change of a folded text gives what was wished', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '#', ':', '-', 'é'), minLength: 1, maxLength: 4 });
  const wish = fc.array(fc.tuple(word, fc.constantFrom(' ', '  ', '\n', '\n\n', '\n  ')), { maxLength: 6 });
  fc.assert(
    fc.property(wish, wish, fc.constantFrom('>', '>-', '>+'), fc.boolean(), (one, two, header, isAlike) => {
      const written = one.map(([each, gap]) => each + gap.replaceAll('\n', '\n  ')).join('');
      const given = `a:\n  b: ${header}\n    ${written.replaceAll('\n', '\n    ')}x\n  c: 1\n`;
      const before = parseDocument(given);
      if (before.problems.length > 0) return;
      const old = valueAt(before.value, ['a', 'b']) as string;
      const value = isAlike ? old.replaceAll('a', 'long') : two.flat().join('');
      const after = parseDocument(editDocument(given, [{ set: ['a', 'b'], value }]));
      expect(after.problems).toEqual([]);
      expect(after.value).toEqual({ a: { b: value, c: 1 } });
    }),
    { numRuns: 300 },
  );
});

test('a step is renamed in edges and expressions', () => {
  const given = [
    'steps:',
    '  - { id: a, handler: x.y, config: { a: "steps.a" } } # steps.a',
    '  - id: b',
    '    dependencies: [a, "a:error", ab]',
    `    when: steps.a.output > 1 && 'steps.a' != x.steps.a`,
    '    config: { v: "${steps.a.output.a + steps["a"].n} steps.a ${steps.ab.a}", w: \'${steps["a"].output}\' }',
    '    foreach: "${steps.?a.output.orValue([])}"',
    'output: "${steps.a.output}/${step-outputs.a.x}"',
    '',
  ]
    .join('\n')
    .replace('steps["a"].n', "steps['a'].n");
  const to = (id: string) => editDocument(given, [{ rename: 'a', to: id }]);
  expect(to('c_1').split('\n')).toEqual([
    'steps:',
    '  - { id: c_1, handler: x.y, config: { a: "steps.a" } } # steps.a',
    '  - id: b',
    '    dependencies: [c_1, "c_1:error", ab]',
    `    when: steps.c_1.output > 1 && 'steps.a' != x.steps.a`,
    `    config: { v: "\${steps.c_1.output.a + steps['c_1'].n} steps.a \${steps.ab.a}", w: '\${steps[''c_1''].output}' }`,
    '    foreach: "${steps.?c_1.output.orValue([])}"',
    'output: "${steps.c_1.output}/${step-outputs.c_1.x}"',
    '',
  ]);
  expect(to('c-1')).toContain(`output: "\${steps['c-1'].output}/\${step-outputs.c-1.x}"`);
  expect(() => to('b')).toThrow(expect.objectContaining({ code: 'ALREADY_EXISTS' }));
  expect(() => to('1 b')).toThrow(expect.objectContaining({ code: 'VALUE_INVALID' }));
});

test('JSON stays JSON and keeps its layout', () => {
  const json = JSON.stringify({ name: 'x', steps: [{ id: 'a', handler: 'h', config: {} }] }, null, 4);
  const now = editDocument(json, [
    { set: 'steps.a.config.url', value: 'it\'s "x"' },
    { set: 'timeout', value: '1h' },
    { insert: 'steps.1', value: { id: 'b', handler: 'h' } },
  ]);
  expect(JSON.parse(now)).toEqual({
    name: 'x',
    steps: [
      { id: 'a', handler: 'h', config: { url: 'it\'s "x"' } },
      { id: 'b', handler: 'h' },
    ],
    timeout: '1h',
  });
  expect(now.split('\n').slice(0, 5)).toEqual(json.split('\n').slice(0, 5));
  expect(now).toContain('\n    "timeout": "1h"\n}');
  expect(now).toContain('\n        {\n            "id": "b",');
});

test('older documents are edited in their own spelling, below their wrapper', () => {
  const old =
    'workflow:\n  name: x\n  parameters:\n    - { name: a, type: string, validation: { min_length: 3 } }\n  steps: []\n';
  expect(
    editDocument(old, [
      { set: 'parameters.0.validation.minLength', value: 5 },
      { set: 'name', value: 'y' },
    ]),
  ).toBe(old.replace('3', '5').replace('name: x', 'name: y'));
});

test.each<[Edit, string]>([
  [{ remove: 'nope' }, 'NOT_FOUND'],
  [{ remove: 'steps.nope' }, 'NOT_FOUND'],
  [{ set: 'steps.nope.id', value: 1 }, 'NOT_FOUND'],
  [{ insert: 'steps.9', value: {} }, 'NOT_FOUND'],
  [{ rename: 'nope', to: 'x' }, 'NOT_FOUND'],
  [{ set: 'config.__proto__', value: {} }, 'UNSAFE_KEY'],
])('%o is refused with %s', (edit, code) => {
  expect(() => editDocument(text, [edit])).toThrow(expect.objectContaining({ code }));
});

test('a text that cannot be read is not edited', () => {
  expect(() => editDocument('a: [', [{ set: 'a', value: 1 }])).toThrow(
    expect.objectContaining({ code: 'DOCUMENT_SYNTAX' }),
  );
});

const folder = join(import.meta.dirname, '../../../../../conformance');
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('constructor', 'other'))
  .flatMap((file) => [
    file.replaceAll(/^/gm, '  ').replace(/^/, 'cases:\n').trimEnd(),
    file.replaceAll(/^/gm, '  ').replace(/^/, 'cases:\r\n').replaceAll(/\r?\n/g, '\r\n'),
    stringify({ cases: parse(file) as unknown }, null, { lineWidth: 0 }),
    JSON.stringify({ cases: parse(file) }, null, 2),
    JSON.stringify({ cases: parse(file) }),
  ]);

/** Paths of all scalars. */
function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, each]) =>
    leaves(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

const anyLeaf = fc.constantFrom(...cases).chain((document) => {
  const value = parseDocument(document).value as JsonValue;
  return fc.constantFrom(...leaves(value)).map((path) => ({ document, path, value }));
});

test('a field set and set back gives the identical text, and one line at most differs in between', () => {
  fc.assert(
    fc.property(anyLeaf, fc.integer({ min: 2, max: 9999 }), ({ document, path, value }, n) => {
      const before = valueAt(value, path) as JsonValue;
      const other =
        typeof before === 'string'
          ? `changed${n}`
          : typeof before === 'number'
            ? before + n
            : typeof before === 'boolean'
              ? !before
              : 7;
      const now = editDocument(document, [{ set: path, value: other }]);
      const difference = changed(document, now);
      expect(difference.gone.length).toBe(1);
      expect(difference.come.length).toBe(1);
      expect(valueAt(parseDocument(now).value, path)).toEqual(other);
      expect(editDocument(now, [{ set: path, value: before }])).toBe(document);
    }),
    { numRuns: 100 },
  );
});

test('whatever is set, the text reads as that, and every line elsewhere stays', () => {
  fc.assert(
    fc.property(anyLeaf, fc.jsonValue({ maxDepth: 3 }), ({ document, path }, raw) => {
      const next = JSON.parse(
        JSON.stringify(raw).replaceAll(/__proto__|constructor|prototype/g, 'p'),
      ) as JsonValue;
      const now = editDocument(document, [{ set: path, value: next }]);
      expect(valueAt(parseDocument(now).value, path)).toEqual(next);
      expect(changed(document, now).gone.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 100 },
  );
});

test('a removed field is gone and nothing else', () => {
  fc.assert(
    fc.property(anyLeaf, ({ document, path, value }) => {
      const now = editDocument(document, [{ remove: path }]);
      const expected = structuredClone(value);
      const parent = valueAt(expected, path.slice(0, -1)) as Record<string | number, unknown>;
      if (Array.isArray(parent)) parent.splice(Number(path.at(-1)), 1);
      else delete parent[path.at(-1)!];
      expect(parseDocument(now).value).toEqual(expected);
      expect(changed(document, now).come.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 100 },
  );
});
