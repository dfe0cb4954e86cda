import { describe, expect, test } from 'vitest';
import { type Found, found, withDocument, withParameter } from './testing/documents.ts';

describe('declared parameters', () => {
  test.each<[string, unknown, Found[]]>([
    ['a name that is no identifier', withParameter({ name: 'a-b' }), [['VALUE', 'parameters.0.name']]],
    [
      'a name twice',
      withDocument({
        parameters: [
          { name: 'a', type: 'string' },
          { name: 'a', type: 'string' },
        ],
      }),
      [['DUPLICATE_PARAMETER', 'parameters.1']],
    ],
    [
      'a name that could reach a prototype',
      withParameter({ name: '__proto__' }),
      [['UNSAFE_KEY', 'parameters.0.name']],
    ],
    ['a name that only looks as if', withParameter({ name: 'constructor' }), []],
    ['an unknown type', withParameter({ type: 'strin' }), [['VALUE', 'parameters.0.type', 'string']]],
    ['an enum without options', withParameter({ type: 'enum' }), [['REQUIRED', 'parameters.0.options']]],
    [
      'a default of another type',
      withParameter({ type: 'integer', default: 1.5 }),
      [['PARAMETER_INVALID', 'parameters.0.default']],
    ],
    [
      'a default that is no option',
      withParameter({ type: 'enum', options: [{ value: 'a' }, 'b'], default: 'c' }),
      [['PARAMETER_INVALID', 'parameters.0.default']],
    ],
    [
      'a default against the validation',
      withParameter({ validation: { minLength: 3 }, default: 'ab' }),
      [['PARAMETER_INVALID', 'parameters.0.default']],
    ],
    [
      'a keyword that is none',
      withParameter({ validation: { minlength: 3 } }),
      [['SCHEMA_INVALID', 'parameters.0.validation.minlength', 'minLength']],
    ],
    [
      'a keyword of the wrong type',
      withParameter({ validation: { minimum: '3', pattern: '(' } }),
      [
        ['SCHEMA_INVALID', 'parameters.0.validation.minimum'],
        ['SCHEMA_INVALID', 'parameters.0.validation.pattern'],
      ],
    ],
    [
      'patterns that could take for ever',
      withParameter({
        validation: {
          pattern: '(?=a)b',
          properties: { pattern: { not: { patternProperties: { '(a)\\1': true } } } },
        },
      }),
      [
        ['SCHEMA_INVALID', 'parameters.0.validation.pattern'],
        ['SCHEMA_INVALID', 'parameters.0.validation.properties.pattern.not.patternProperties.(a)\\1'],
      ],
    ],
    [
      'references that multiply',
      withParameter({
        validation: {
          allOf: [{ $ref: '#/$defs/l0' }],
          $defs: Object.fromEntries(
            Array.from({ length: 40 }, (_, n) => [
              `l${n}`,
              n === 39 ? true : { allOf: [{ $ref: `#/$defs/l${n + 1}` }, { $ref: `#/$defs/l${n + 1}` }] },
            ]),
          ),
        },
      }),
      [['SCHEMA_INVALID', 'parameters.0.validation']],
    ],
    [
      'a reference to nowhere',
      withParameter({ validation: { $ref: '#/$defs/x' } }),
      [['SCHEMA_INVALID', 'parameters.0.validation']],
    ],
    [
      'a reference to itself',
      withParameter({ validation: { $ref: '#' } }),
      [['SCHEMA_INVALID', 'parameters.0.validation']],
    ],
  ])('%s', (_name, document, expected) => {
    expect(found(document)).toEqual(expected);
  });
});
