import type { Execution } from '@vwmp/core';
import { describe, expect, test } from 'vitest';
import { folder, vwmp, workflow } from '../testing/vwmp.ts';

const types = ['string', 'text', 'number', 'integer', 'boolean', 'array', 'object', 'secret'];
const names = types.map((type) => ({ name: type, type, required: false }));
const all = workflow([{ id: 'a', handler: 'core.set', config: { value: '${parameters}' } }], {
  parameters: [
    ...names,
    { name: 'size', type: 'enum', options: [1, 2, { value: true, label: 'All' }, 'x'], required: false },
  ],
});

async function given(args: string[], files: Record<string, string> = {}): Promise<unknown> {
  const { code, stdout } = await vwmp(['run', 'w.yaml', '--json', ...args], {
    cwd: folder({ 'w.yaml': all, ...files }),
  });
  const result = JSON.parse(stdout) as Execution & { error?: { message: string } };
  return code === 2 ? result.error?.message : result.parameters;
}

describe('--param is read by the declared type', () => {
  test.each([
    ['string=007', { string: '007' }],
    ['string=', { string: '' }],
    ['string=a=b', { string: 'a=b' }],
    ['string=@@home', { string: '@home' }],
    ['number=1e3', { number: 1000 }],
    ['number=-0.5', { number: -0.5 }],
    ['integer=42', { integer: 42 }],
    ['integer=9007199254740991', { integer: 9007199254740991 }],
    ['number=1e300', { number: 1e300 }],
    ['boolean=false', { boolean: false }],
    ['array=["a", 1]', { array: ['a', 1] }],
    ['object={"a": {"b": null}}', { object: { a: { b: null } } }],
    ['size=2', { size: 2 }],
    ['size=true', { size: true }],
    ['size=x', { size: 'x' }],
    ['secret=hush', { secret: '***' }],
  ])('%s', async (pair, expected) => {
    expect(await given(['--param', pair])).toEqual(expected);
  });
});

describe('what does not fit is an error that says what does', () => {
  test.each([
    ['number=', 'has to be a number'],
    ['number=NaN', '"NaN" is none'],
    ['integer=1.5', 'whole number'],
    ['integer=9007199254740993', '9007199254740993 would be rounded to 9007199254740992'],
    ['number=9007199254740993.0', '9007199254740993.0 would be rounded to 9007199254740992'],
    ['number=1e-400', '1e-400 is smaller than numbers can be'],
    ['number=-9007199254740993', '-9007199254740993 would be rounded to -9007199254740992'],
    ['array=[{"a": 12345678901234567890}]', '12345678901234567890 would be rounded to 12345678901234567168'],
    ['object={"a": 1, "a": 2}', 'The key "a" stands twice in one object.'],
    ['object={"a": 1e400}', '1e400 is larger than numbers can be'],
    ['boolean=yes', 'true or false'],
    ['array=a,b', `--param array='["a", "b"]'`],
    ['object=[1]', 'object'],
    ['size=3', 'size'],
    ['strin=x', 'Did you mean "string"?'],
    ['__proto__=x', '"__proto__"'],
    ['novalue', 'write --param NAME=VALUE'],
    ['=x', 'write --param NAME=VALUE'],
  ])('%s', async (pair, message) => {
    expect(await given(['--param', pair])).toContain(message);
  });
});

test('all that is wrong is told at once', async () => {
  const message = await given(['-p', 'number=x', '-p', 'integer=y', '-p', 'strin=z']);
  expect(message).toMatch(/"x" is none[\s\S]*"y" is none[\s\S]*Did you mean "string"/);
  expect(await given(['-p', 'number=1', '-p', 'number=2'])).toContain('gives "number" twice');
});

test('@FILE reads a value; the line feed at its end counts in a text only', async () => {
  const files = { 'a.txt': 'line\n', 'a.json': '[1, 2]\n' };
  expect(await given(['-p', 'string=@a.txt', '-p', 'text=@a.txt', '-p', 'array=@a.json'], files)).toEqual({
    string: 'line',
    text: 'line\n',
    array: [1, 2],
  });
  expect(await given(['-p', 'string=@b.txt'], files)).toContain(
    'There is no file "b.txt". Did you mean "a.txt"?',
  );
});

test('--params-file takes YAML and JSON, --param wins', async () => {
  const files = {
    'p.yaml': 'string: from file\nnumber: 1\nobject: { steps: [ { type: x } ] }\n',
    'p.json': '{ "number": 2 }',
    'empty.yaml': '# nothing\n',
  };
  expect(await given(['--params-file', 'p.yaml', '-p', 'number=6'], files)).toEqual({
    string: 'from file',
    number: 6,
    object: { steps: [{ type: 'x' }] },
  });
  expect(await given(['--params-file', 'p.json'], files)).toEqual({ number: 2 });
  expect(await given(['--params-file', 'empty.yaml'], files)).toEqual({});
});

test('a bad parameter file is told with its place', async () => {
  const cwd = folder({
    'w.yaml': all,
    'p.yaml': 'a: 1\nb: [1,\n',
    'list.yaml': '- 1\n',
    'bomb.yaml': bomb(),
    'large.yaml': 'string: x\nobject: { id: 9007199254740993 }\n',
    'none.yaml': 'number: .nan\n',
  });
  expect((await vwmp(['run', 'w.yaml', '--params-file', 'large.yaml'], { cwd })).stderr).toMatch(
    /^large\.yaml:2:15 PARAMETER_INVALID 9007199254740993 would be rounded/m,
  );
  expect((await vwmp(['run', 'w.yaml', '--params-file', 'none.yaml'], { cwd })).stderr).toMatch(
    /^none\.yaml:1:9 PARAMETER_INVALID \.nan is no number that JSON can hold/m,
  );
  const started = await vwmp(['start', 'w.yaml', '--params-file', 'list.yaml'], { cwd });
  expect(started.stderr).toMatch(/has to hold a mapping.*\n.*vwmp help start/);
  expect((await vwmp(['run', 'w.yaml', '--params-file', 'p.yaml'], { cwd })).stderr).toMatch(
    /^p\.yaml:\d+:\d+ SYNTAX /m,
  );
  expect((await vwmp(['run', 'w.yaml', '--params-file', 'list.yaml'], { cwd })).stderr).toContain(
    'has to hold a mapping',
  );
  expect(await vwmp(['run', 'w.yaml', '--params-file', 'bomb.yaml'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/alias/i),
  });
});

/** Each line ten times the one before. */
function bomb(): string {
  const lines = [...Array(9).keys()].map(
    (at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(', ')}]`,
  );
  return ['a0: &a0 [x]', ...lines, ''].join('\n');
}
