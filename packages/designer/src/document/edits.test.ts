import type { JsonObject } from '@vwmp/core';
import { expect, test } from 'vitest';
import {
  addStep,
  connect,
  copySteps,
  duplicateSteps,
  fillFromTemplate,
  insertItem,
  insertTemplate,
  pasteSteps,
  reconnect,
  removeSteps,
  renameParameter,
  renameStep,
  setField,
} from './edits.ts';
import { read } from './read.ts';
import { closesCircle } from './value.ts';

const text = `# Loads and keeps.
name: Load
parameters:
  - { name: env, type: string } # where
steps:
  - id: load   # first
    handler: http.request
    config: { url: "https://\${parameters.env}.test" }
  - id: keep
    handler: file.write
    dependencies: [load, "load:error"]
    when: parameters.env == 'prod' && steps.load.output.ok
    config:
      path: out.json
      content: "\${steps.load.output} of \${parameters['env']}, not $\${parameters.env}"
`;

test('a step is added behind what it depends on', () => {
  const { text: now, ids } = addStep(text, { handler: 'core.set', after: [{ step: 'load', port: 'error' }] });
  expect(ids).toEqual(['set']);
  expect(now).toContain('  - id: set\n    handler: core.set\n    dependencies: [load:error]\n  - id: keep\n');
});

test('a step is added to a document that is empty', () => {
  const { text: now } = addStep('', { handler: 'core.set' });
  expect(read(now).document).toEqual({ name: 'Untitled', steps: [{ id: 'set', handler: 'core.set' }] });
});

test('ids are made free', () => {
  const once = addStep(text, { handler: 'http.request', id: 'load' });
  expect(once.ids).toEqual(['load_2']);
  expect(addStep(once.text, { handler: 'http.request', id: 'load' }).ids).toEqual(['load_3']);
});

test('edges and expressions follow a rename', () => {
  const now = renameStep(text, 'load', 'fetch-it');
  expect(now).toContain('dependencies: [fetch-it, "fetch-it:error"]');
  expect(now).toContain("steps['fetch-it'].output.ok");
  expect(now).toContain('# first');
});

test('what a copy reads of another copy is the copy', () => {
  const { text: now, ids } = duplicateSteps(text, ['load', 'keep']);
  expect(ids).toEqual(['load_2', 'keep_2']);
  expect(read(now).document).toMatchObject({
    steps: [
      {},
      {},
      {},
      {
        dependencies: ['load_2', 'load_2:error'],
        when: "parameters.env == 'prod' && steps.load_2.output.ok",
      },
    ],
  });
  const { text: alone } = duplicateSteps(text, ['keep']);
  expect(read(alone).document).toMatchObject({
    steps: [{}, {}, { id: 'keep_2', dependencies: ['load', 'load:error'] }],
  });
});

test('edges go with the step that they come from', () => {
  const now = removeSteps(text, ['load']);
  expect(now).not.toContain('dependencies');
  expect(now).toContain('# where');
});

test('an edge that is there is not made again', () => {
  expect(connect(text, { step: 'load', port: 'error' }, 'keep')).toBe(text);
});

test('an edge is moved to another port in its place', () => {
  const old = { from: { step: 'load', port: 'error' }, to: 'keep' };
  const now = reconnect(text, old, { from: { step: 'load', port: 'late' }, to: 'keep' });
  expect(now).toContain('dependencies: [load, "load:late"]');
});

test('a circle is seen before it is made', () => {
  const { document } = read(text);
  expect(closesCircle(document, 'keep', 'load')).toBe(true);
  expect(closesCircle(document, 'load', 'keep')).toBe(false);
  expect(closesCircle(document, 'load', 'load')).toBe(true);
});

test('a field that is emptied takes what was only there for it along', () => {
  const retrying = setField(text, ['steps', 0, 'retry', 'attempts'], 3);
  expect(retrying).toContain('    retry:\n      attempts: 3\n');
  expect(setField(retrying, ['steps', 0, 'retry', 'attempts'], undefined)).toBe(text);
  expect(setField(text, ['parameters', 0], undefined)).not.toContain('parameters:');
});

test('expressions follow the new name of a parameter, other texts do not', () => {
  const now = renameParameter(text, 0, 'stage');
  expect(now).toContain('{ name: stage, type: string } # where');
  expect(now).toContain('https://${parameters.stage}.test');
  expect(now).toContain("when: parameters.stage == 'prod'");
  expect(now).toContain('of ${parameters.stage}, not $${parameters.env}');
});

test('what was copied can be put into another document', () => {
  const clipboard = copySteps(text, ['keep']);
  expect(pasteSteps('name: Other\nsteps: []\n', clipboard)).toEqual({
    ids: ['keep'],
    text: expect.stringContaining('handler: file.write'),
  });
  expect(pasteSteps('name: Other\nsteps: []\n', clipboard).text).not.toContain('dependencies');
});

test.each([
  ['a list of steps', '- id: one\n  handler: core.set\n- id: two\n  handler: core.log\n', ['one', 'two']],
  ['one step', 'id: one\nhandler: core.set\n', ['one']],
  ['a workflow', 'name: x\nsteps:\n  - id: load\n    handler: core.set\n', ['load_2']],
  ['JSON', '[{"handler": "core.set"}]', ['set']],
])('%s can be pasted', (_, clipboard, ids) => {
  expect(pasteSteps(text, clipboard).ids).toEqual(ids);
});

test.each(['', 'hello', 'a: b', '{', '- 1\n- 2'])('%j is nothing to paste', (clipboard) => {
  expect(() => pasteSteps(text, clipboard)).toThrow('no steps');
});

test('a list is made for its first item', () => {
  expect(insertItem('name: x\nsteps: []\n', ['triggers'], 0, { schedule: '0 6 * * *' })).toContain(
    'triggers:\n  - schedule: 0 6 * * *\n',
  );
});

test('a template is put beside the steps that there are, with what its steps read', () => {
  const given =
    'name: x # mine\nparameters:\n  - { name: env, type: string }\nsteps:\n  - { id: load, handler: core.set }\n';
  const template = {
    name: 'Other',
    parameters: [
      { name: 'env', type: 'enum', options: ['a'] },
      { name: 'day', type: 'string' },
    ],
    config: { base: 1 },
    triggers: [{ schedule: '0 6 * * *' }],
    steps: [
      { id: 'load', handler: 'core.log', config: { message: '${parameters.day}' } },
      { id: 'end', handler: 'core.log', dependencies: ['load'], config: { message: '${steps.load.output}' } },
    ],
  };
  const { text: now, ids } = insertTemplate(given, template as unknown as JsonObject);
  expect(ids).toEqual(['load_2', 'end']);
  expect(now.startsWith(given.slice(0, given.indexOf('steps:') - 1))).toBe(true);
  expect(read(now).document).toEqual({
    name: 'x',
    parameters: [{ name: 'env', type: 'string' }, template.parameters[1]],
    config: { base: 1 },
    steps: [
      { id: 'load', handler: 'core.set' },
      { ...template.steps[0], id: 'load_2' },
      { ...template.steps[1], dependencies: ['load_2'], config: { message: '${steps.load_2.output}' } },
    ],
  });
});

test('a template that is begun with leaves the id and the name as they are', () => {
  const template = { id: 'other', name: 'Other', steps: [{ id: 'a', handler: 'core.set' }] };
  const filled = fillFromTemplate('id: mine # kept\nname: Mine\n', template as unknown as JsonObject);
  expect(read(filled).document).toEqual({ ...template, id: 'mine', name: 'Mine' });
  expect(read(fillFromTemplate('', template as unknown as JsonObject)).document).toMatchObject({
    name: 'Other',
  });
});
