import { describe, expect, test } from 'vitest';
import { type Found, found, withSteps } from './testing/documents.ts';
import { validateWorkflow } from './validate.ts';

describe('edges', () => {
  test.each<[string, unknown, Found[]]>([
    [
      'a step that is not there',
      withSteps({}, { dependencies: ['so'] }),
      [['UNKNOWN_DEPENDENCY', 'steps.s1.dependencies.0', 's0']],
    ],
    [
      'a port that is not there',
      withSteps({ handler: 'test.any' }, { dependencies: ['s0:yess'] }),
      [['UNKNOWN_PORT', 'steps.s1.dependencies.0', 's0:yes']],
    ],
    [
      'a port of a handler without any',
      withSteps({}, { dependencies: ['s0:done'] }),
      [['UNKNOWN_PORT', 'steps.s1.dependencies.0']],
    ],
    ['the error port is always there', withSteps({}, { dependencies: ['s0:error', 's0'] }), []],
    [
      'ports by config',
      withSteps(
        { handler: 'core.switch', config: { cases: [{ port: 'a' }], default: 'b' } },
        { dependencies: ['s0:a', 's0:b', 's0:c'] },
      ),
      [['UNKNOWN_PORT', 'steps.s1.dependencies.2']],
    ],
    [
      'ports of a loop over items, of which each may emit another',
      withSteps(
        { handler: 'test.any', foreach: [1], config: {} },
        { dependencies: ['s0', 's0:error', 's0:yes'] },
      ),
      [['UNKNOWN_PORT', 'steps.s1.dependencies.2']],
    ],
    [
      'ports that only an expression knows',
      withSteps(
        { handler: 'core.switch', config: { cases: [{ port: '${config.x}' }] } },
        { dependencies: ['s0:c'] },
      ),
      [],
    ],
    [
      'ports of a config that is wrong',
      withSteps({ handler: 'core.switch', config: {} }, { dependencies: ['s0:c'] }),
      [],
    ],
    ['itself', withSteps({ dependencies: ['s0'] }), [['DEPENDENCY_CYCLE', 'steps.s0']]],
    [
      'two circles, each told once',
      withSteps(
        { dependencies: ['s2'] },
        { dependencies: ['s3'] },
        { dependencies: ['s0'] },
        { dependencies: ['s1'] },
      ),
      [
        ['DEPENDENCY_CYCLE', 'steps.s0'],
        ['DEPENDENCY_CYCLE', 'steps.s1'],
      ],
    ],
    [
      'a step twice',
      withSteps({ id: 'a' }, { id: 'a' }, { id: 'a' }),
      [
        ['DUPLICATE_STEP_ID', 'steps.a'],
        ['DUPLICATE_STEP_ID', 'steps.a'],
      ],
    ],
    [
      'something that is no edge',
      withSteps({ dependencies: ['a b', 5, ''] }),
      [
        ['VALUE', 'steps.s0.dependencies.0'],
        ['TYPE', 'steps.s0.dependencies.1'],
        ['VALUE', 'steps.s0.dependencies.2'],
      ],
    ],
  ])('%s', (_name, document, expected) => {
    expect(found(document)).toEqual(expected);
  });

  test('messages say what, where and what to do', () => {
    const { problems } = validateWorkflow(
      withSteps({ id: 'now' }, { id: 'b', dependencies: ['nowhere'] }, { id: 'c', dependencies: ['nov'] }),
    );
    expect(problems.map(({ message }) => message)).toEqual([
      'Step "b" depends on "nowhere", which does not exist.',
      'Step "c" depends on "nov", which does not exist. Did you mean "now"?',
    ]);
    const [circle] = validateWorkflow(
      withSteps(
        { id: 'a', dependencies: ['c'] },
        { id: 'b', dependencies: ['a'] },
        { id: 'c', dependencies: ['b'] },
      ),
    ).problems;
    expect(circle?.message).toBe(
      'Step "a" depends on itself by way of others: a → c → b → a. Remove one of these dependencies.',
    );
  });
});
