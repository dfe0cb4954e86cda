import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseDocument } from '../parse.ts';
import { upgradeDocument } from './upgrade.ts';

const old = `# an older one
workflow:
  # what it is called
  name: old
  parameters:
    - { name: text, type: textarea, validation: { min_length: 3, max_length: 9 } } # kept
  steps:
    - id: a
      type: action
      automatic: true
      handler: core.set
      config:
        text: |
          two
            lines
    - id: b
      handler: core.set
      dependencies: [a]
      config: { value: "\${step-outputs.a.n}" }
`;

const now = `# an older one
# what it is called
name: old
parameters:
  - { name: text, type: text, validation: { minLength: 3, maxLength: 9 } } # kept
steps:
  - id: a
    handler: core.set
    config:
      text: |
        two
          lines
  - id: b
    handler: core.set
    dependencies: [a]
    config: { value: "\${steps[\\"a\\"].output[\\"n\\"]}" }
`;

test('reading an older document tells what is older, and leaves its text alone', () => {
  const { notes, text, value, problems } = parseDocument(old);
  expect(problems).toEqual([]);
  expect(text).toBe(old);
  expect(value).toEqual(parseDocument(now).value);
  expect(notes.map(({ path, line }) => [path, line])).toEqual([
    ['', 2],
    ['parameters.0.type', 6],
    ['parameters.0.validation.minLength', 6],
    ['parameters.0.validation.maxLength', 6],
    ['steps.a.type', 9],
    ['steps.a.automatic', 10],
    ['steps.b.config.value', 19],
  ]);
});

test('an older document is written anew where it is older, and nowhere else', () => {
  expect(upgradeDocument(old)).toBe(now);
  expect(upgradeDocument(now)).toBe(now);
});

test('an older JSON document stays JSON', () => {
  const json = JSON.stringify(parse(old), null, 2);
  expect(JSON.parse(upgradeDocument(json))).toEqual(parseDocument(now).value);
});
