import { describe, expect, test } from 'vitest';
import { checkDocument, readDocument } from './check-document.ts';
import { parseDocument } from './parse.ts';
import { testCatalog } from './testing/catalog.ts';
import { type Found, found, set, withDocument, withSteps } from './testing/documents.ts';
import { validateWorkflow } from './validate.ts';

describe('expressions', () => {
  test.each<[string, unknown, Found[]]>([
    [
      'syntax',
      withSteps({ config: { value: ['${1 +}'] } }),
      [['EXPRESSION_SYNTAX', 'steps.s0.config.value.0']],
    ],
    [
      'an unknown name',
      withSteps({ config: { value: '${parameter.x}' } }),
      [['UNKNOWN_NAME', 'steps.s0.config.value', 'parameters']],
    ],
    [
      'a step that is not there',
      withSteps({ config: { value: '${steps.sO.output}' } }),
      [['UNKNOWN_STEP', 'steps.s0.config.value', 's0']],
    ],
    [
      'a parameter that is not declared',
      {
        ...withSteps({ when: 'parameters.regoin == 1', config: { value: '${parameters.region}' } }),
        parameters: [{ name: 'region', type: 'string' }],
        output: '${has(parameters.zone) ? size(parameters["regio"]) : 1}',
      },
      [
        ['PARAMETER_UNKNOWN', 'steps.s0.when', 'region'],
        ['PARAMETER_UNKNOWN', 'output'],
        ['PARAMETER_UNKNOWN', 'output', 'region'],
      ],
    ],
    [
      'itself',
      withSteps({ config: { value: '${steps.s0.output}' } }),
      [['NOT_UPSTREAM', 'steps.s0.config.value']],
    ],
    [
      'further up',
      withSteps(
        {},
        { dependencies: ['s0'] },
        { dependencies: ['s1:error'], config: { value: '${steps.s0.output}' } },
      ),
      [],
    ],
    [
      'downstream',
      withSteps({ config: { value: '${steps.s1.output}' } }, { dependencies: ['s0'] }),
      [['NOT_UPSTREAM', 'steps.s0.config.value']],
    ],
    [
      'item outside of a foreach',
      withSteps({ config: { value: '${item}' } }),
      [['UNKNOWN_NAME', 'steps.s0.config.value']],
    ],
    [
      'item and index in a foreach',
      withSteps({ foreach: '${[1]}', config: { value: '${item}${index}' } }),
      [],
    ],
    [
      'but not in its list or condition',
      withSteps({ foreach: '${item}', when: 'index > 1' }),
      [
        ['UNKNOWN_NAME', 'steps.s0.foreach'],
        ['UNKNOWN_NAME', 'steps.s0.when'],
      ],
    ],
    [
      'index in a repeat, output in its end',
      withSteps({ repeat: { until: '${output > index}' }, config: { value: '${index}' } }),
      [],
    ],
    [
      'output elsewhere',
      withSteps({ config: { value: '${output}' } }),
      [['UNKNOWN_NAME', 'steps.s0.config.value']],
    ],
    ['a condition that is none', withSteps({ when: '${1 + 1}' }), [['EXPRESSION_TYPE', 'steps.s0.when']]],
    ['a bare condition', withSteps({ when: 'parameters.x > 1' }, { when: false }), []],
    [
      'a compensation reads its own step',
      withSteps({ compensate: { ...set, config: { value: '${steps.s0.output}' } } }),
      [],
    ],
    [
      'but no other',
      withSteps({ compensate: { ...set, config: { value: '${steps.s1.output}' } } }, {}),
      [['NOT_UPSTREAM', 'steps.s0.compensate.config.value']],
    ],
    [
      'the output reads every step',
      { ...withSteps({}, {}), output: { a: '${steps.s1.output}', b: '${steps.s9}' } },
      [['UNKNOWN_STEP', 'output.b', 's0']],
    ],
    [
      'the key reads no step and no secret',
      withDocument({ concurrency: { key: '${steps.s0.output}${secrets.a}${parameters.b}' } }),
      [
        ['UNKNOWN_NAME', 'concurrency.key', 'steps'],
        ['UNKNOWN_NAME', 'concurrency.key'],
      ],
    ],
    [
      'a trigger',
      withDocument({
        triggers: [
          {
            webhook: 'a',
            secret: '${secrets.a}',
            when: 'trigger.x == 1',
            parameters: { a: '${trigger.y}', b: '${parameters.z}' },
          },
        ],
      }),
      [['UNKNOWN_NAME', 'triggers.0.parameters.b']],
    ],
    ['a literal', withSteps({ config: { value: '$${nope' } }), []],
    [
      'templates in a list that is written out',
      withSteps({ foreach: ['${config.a}', 'b'], config: { value: 1 } }),
      [['VALUE', 'steps.s0.foreach.0']],
    ],
  ])('%s', (_name, document, expected) => {
    const bare = (list: Found[]) => list.map(([code, path]) => [code, path]);
    expect(bare(found(document))).toEqual(bare(expected));
    for (const [, path, suggestion] of expected) {
      if (suggestion !== undefined && suggestion !== 'steps')
        expect(found(document)).toContainEqual([expect.any(String), path, suggestion]);
    }
  });

  test('a problem points into the text', () => {
    const text =
      'name: x\nsteps:\n  - id: a\n    handler: core.set\n    config:\n      value: "n = ${config.n + nope}"\n      # no such key\n      valeu: 1\n';
    expect(validateWorkflow(parseDocument(text), testCatalog).problems).toEqual([
      expect.objectContaining({
        code: 'UNKNOWN_NAME',
        line: 6,
        column: text.split('\n')[5]!.indexOf('nope') + 1,
      }),
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        path: 'steps.a.config.valeu',
        line: 8,
        column: 7,
        suggestion: 'value',
      }),
    ]);
  });
});

test('who wrote a document is told of a parameter that it does not declare; what was accepted goes on', () => {
  const text = `name: x
parameters: [{ name: region, type: string }]
steps:
  - id: a
    handler: core.set
    when: 'parameters.region == "eu" || parameters.regoin == "us"'
`;
  expect(validateWorkflow(parseDocument(text), testCatalog).problems).toEqual([
    {
      code: 'PARAMETER_UNKNOWN',
      path: 'steps.a.when',
      line: 6,
      column: 41,
      message: 'The expression reads the parameter "regoin", which does not exist. Did you mean "region"?',
      suggestion: 'region',
    },
  ]);
  expect(checkDocument(readDocument(parseDocument(text)), testCatalog, undefined).problems).toEqual([]);
});
