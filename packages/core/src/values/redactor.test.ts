import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../model/json.ts';
import { createRedactor } from './redactor.ts';

const redactor = (...secrets: string[]) => {
  const made = createRedactor();
  for (const secret of secrets) made.add(secret);
  return made;
};

test('without a secret everything is the same object', () => {
  const empty = redactor('');
  const value = { a: ['x'] };
  expect(empty.active).toBe(false);
  expect(empty.redact(value)).toBe(value);
  expect(empty.text('x')).toBe('x');
});

test('strings and keys are changed, deep; what holds no secret is the same object', () => {
  const value = { clean: { a: [1, null, 'x'] }, dirty: [{ 'key-hunter2': 'is hunter2, hunter2' }], n: 1 };
  const result = redactor('hunter2').redact(value);
  expect(result).toEqual({ clean: { a: [1, null, 'x'] }, dirty: [{ 'key-***': 'is ***, ***' }], n: 1 });
  expect(result.clean).toBe(value.clean);
  expect(Object.isFrozen(result)).toBe(true);
  expect(redactor('hunter2').redact(value.clean)).toBe(value.clean);
});

describe('numbers', () => {
  const value = { pin: 493817, list: [0, 4938170, { deep: 493817 }], text: 'is 493817', yes: true };

  test('that are a secret are changed in data, and nowhere else', () => {
    const masked = { pin: '***', list: [0, 4938170, { deep: '***' }], text: 'is ***', yes: true };
    expect(redactor('493817').redactData(value)).toEqual(masked);
    expect(redactor('493817').redact(value)).toEqual({ ...value, text: 'is ***' });
    expect(redactor('493817').redactData<JsonValue>(493817)).toBe('***');
  });

  test.each(['0042', ' 42 ', '42.0', '4.2e1', '+42', '-42'])(
    'are found however they are written: %j',
    (secret) => {
      const number = secret === '-42' ? -42 : 42;
      expect(redactor(secret).redactData<JsonValue>([number, 43, null])).toEqual(['***', 43, null]);
    },
  );

  test('are left as they are when no secret is one', () => {
    const data = { numbers: [0, 1, -1, 31] };
    for (const secret of [' ', 'one', '1 1', '0x1f', 'Infinity', 'true'])
      expect(redactor(secret).redactData(data)).toBe(data);
    expect(redactor().redactData(data)).toBe(data);
  });
});

describe('forms', () => {
  const secret = 'p@ss "w/ord"+ünï\n';
  const forms = {
    raw: secret,
    JSON: JSON.stringify(secret),
    'JSON in JSON': JSON.stringify({ a: secret }),
    URI: `https://a.test/?q=${encodeURIComponent(secret)}&x=1`,
    'a form': new URLSearchParams({ q: secret }).toString(),
    'a path': new URL(`https://a.test/${secret}`).href,
    'lower case': encodeURIComponent(secret).replace(/%../g, (pair) => pair.toLowerCase()),
    'JSON in a string in JSON': JSON.stringify(JSON.stringify({ a: secret })),
    base64: Buffer.from(secret).toString('base64'),
    base64url: Buffer.from(secret).toString('base64url'),
    ...Object.fromEntries(
      ['', 'u', 'us', 'user'].map((user) => [
        `Basic of ${user}`,
        Buffer.from(`${user}:${secret}:x`).toString('base64'),
      ]),
    ),
  };

  test.each(Object.entries(forms))('%s', (_, text) => {
    const result = redactor(secret).text(text);
    expect(result).toContain('***');
    for (const form of ['ord', 'w/', '%40ss', Buffer.from(secret).toString('base64').slice(4, -4)])
      expect(result).not.toContain(form);
  });
});

test.each(["a!b'c(d)e~f*g", 'a{b|c}d^e[f]`g', 'a b'])('%j is found in a url, whoever wrote it', (secret) => {
  const url = new URL('https://a.test/');
  url.searchParams.set('q', secret);
  url.hash = secret;
  const path = new URL(`https://a.test/${secret}?${secret}`);
  expect(redactor(secret).text(url.href)).toBe('https://a.test/?q=***#***');
  expect(redactor(secret).text(path.href)).toBe('https://a.test/***?***');
});

test('the lines of a secret are secrets, unless they are short', () => {
  const key = redactor('-----BEGIN-----\r\nMIIBVgIBADANBg\nkqhkiG9w\nQQ==\n-----END-----\n');
  expect(key.text('1: MIIBVgIBADANBg')).toBe('1: ***');
  expect(key.text('kqhkiG9w QQ==')).toBe('*** QQ==');
});

test('a long secret of many lines or marks is found', () => {
  const file = JSON.stringify({ keys: Array.from({ length: 3000 }, (_, n) => ({ n, key: `k"${n}` })) });
  const key = Array.from({ length: 3000 }, (_, n) => `+${n}/abcdefgh=`).join('\n');
  const marks = '"\\/é'.repeat(20_000);
  for (const secret of [file, key, marks]) {
    const made = redactor(secret);
    expect(made.text(`<${secret}>`)).toBe('<***>');
    for (const json of [JSON.stringify(secret), JSON.stringify(JSON.stringify(secret)).slice(2, -2)])
      expect(made.text(json)).toMatch(/^\W*\*{3}\W*$/);
    expect(made.text(Buffer.from(secret).toString('base64'))).toContain('***');
  }
});

test('the longest stands first, and what is added later counts too', () => {
  const both = redactor('abc', 'abcdef');
  expect(both.text('abcdef abc')).toBe('*** ***');
  both.add('xyz');
  expect(both.text('xyz')).toBe('***');
});

test('one that is made with what another knows keeps its own to itself', () => {
  const parent = redactor('abc');
  const child = createRedactor(parent.known);
  child.add('xyz');
  expect(child.text('abc xyz')).toBe('*** ***');
  expect(parent.text('abc xyz')).toBe('*** xyz');
});

test.each([
  ['as it is', 'Tr0&b/4"x y'],
  ['HTML', 'Tr0&amp;b&#x2F;4&quot;x y'],
  ['HTML by numbers', 'Tr0&#38;b&#x2f;4&#034;x y'],
  ['XML', 'Tr0&amp;b/4&quot;x y'],
  ['CSV', 'Tr0&b/4""x y'],
  ['a URI', 'Tr0%26b%2f4%22x+y'],
  ['JSON of PHP', 'Tr0&b\\/4\\"x y'],
  ['JSON of Go', 'Tr0\\u0026b/4\\"x y'],
  ['JSON of Go in JSON', 'Tr0\\\\u0026b/4\\\\\\"x y'],
])('a secret is found when it is written as %s', (_, text) => {
  expect(redactor('Tr0&b/4"x y').text(`<${text}>`)).toBe('<***>');
});

test('a secret is found when JSON writes it in ASCII', () => {
  const ascii = '"p\\u00e4ss\\u00DF \\ud83d\\uDE00x"';
  expect(redactor('pässß 😀x').text(ascii)).toBe('"***"');
  expect(redactor('pässß 😀x').text(JSON.stringify(ascii))).toBe('"\\"***\\""');
  expect(redactor('pässß 😀x').text('p&#xe4;ss&#223; &#128512;x')).toBe('***');
});

const inAscii = (text: string) =>
  text.replace(/[^A-Za-z0-9]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);

test.each([
  ...[
    '"',
    '\\',
    '\\/',
    '/\\"',
    '%25',
    '%2525',
    '&amp;',
    '"\\u0022',
    ' +',
    ';\\',
    '\\.',
    ';#\\',
    '"/',
    '\\u005c',
  ],
  '&amp;amp&amp;',
])('a secret that repeats %j is looked for without trying each way to read it', (part) => {
  const made = redactor(`${part.repeat(40)}Z`, `${`${part.repeat(9)}a`.repeat(20)}Z`);
  const written = [
    ...[part, JSON.stringify(part).slice(1, -1), part.replaceAll('"', '""'), `\\${part}`, inAscii(part)],
    ...[JSON.stringify(inAscii(part)).slice(1, -1), part.replaceAll(/[^a-z0-9]/g, '&quot;')],
    `&amp;amp&lt;amp&amp;`,
  ];
  for (const each of written) {
    for (const times of [40, 60, 90]) expect(made.text(`${each.repeat(times)}Y`)).not.toContain('*');
    expect(made.text(`<${part.repeat(40)}Z>`)).toBe('<***>');
  }
});

test('no secret is shown in another form because there are many others, or long ones', () => {
  const secrets = Array.from(
    { length: 300 },
    (_, n) => `postgres://app_${n}:s3cr3t@db-${n}.internal:5432/app?sslmode=require&connect_timeout=10`,
  );
  const made = redactor(...secrets, 'x'.repeat(50_000), '/'.repeat(50_000));
  for (const secret of secrets) {
    expect(made.text(encodeURIComponent(secret))).toBe('***');
    expect(made.text(secret.replaceAll('&', '&amp;'))).toBe('***');
  }
});

test('a backslash of a secret is none of those that JSON adds', () => {
  const made = redactor('a\\/b\\&c""d');
  expect(made.text('a\\\\\\/b\\\\&c\\"\\"d')).toBe('***');
  expect(made.text(JSON.stringify('a\\\\/b\\\\\\u0026c\\"\\"d'))).toBe('"***"');
  expect(made.text('a%5C/b&#92;&amp;c&quot;&quot;d a\\/b\\&c""""d')).toBe('*** ***');
});

test('what HTML writes for other characters is no secret', () => {
  expect(redactor('a.b').text('a&#x2F;b a""b a+b a.b')).toBe('a&#x2F;b a""b a+b ***');
});

test('nothing in a secret is a pattern, and half a surrogate pair is no failure', () => {
  expect(redactor('a.*(b').text('aXX(b a.*(b')).toBe('aXX(b ***');
  expect(redactor('$&').text('$& x')).toBe('*** x');
  expect(redactor('\ud800x').text('\ud800x')).toBe('***');
  const any = Array.from({ length: 0x3100 }, (_, code) => String.fromCharCode(code));
  for (const character of [...any, '\ufeff', '\udfff', '\u{10ffff}'])
    expect(redactor(`x${character}y`).text(`<x${character}y>`)).toBe('<***>');
});

test('no secret is left, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(!'***'.includes(secret));
      const result = redactor(secret).redact({ [before + secret]: [before + secret + after] });
      expect(JSON.stringify(result)).toContain('***');
      const [text] = Object.values(result)[0] as unknown as string[];
      // Characters around it may make the secret anew only out of the asterisks.
      if (!secret.includes('*')) expect(text).not.toContain(secret);
    }),
  );
});
