import { expect, test } from 'vitest';
import type { HandlerDescription } from '../backend.ts';
import { read } from '../document/index.ts';
import { sampleDocuments } from '../document/testing/documents.ts';
import { makeGraph } from './graph.ts';
import { findGroups } from './groups.ts';
import { markSteps, problemsAt } from './marks.ts';
import { validate } from './validate.ts';

const handlers = new Map<string, HandlerDescription>([
  ['core.set', { path: 'core.set', title: 'Set', description: '', icon: 'equal', config: {} }],
  ['core.switch', { path: 'core.switch', title: 'Switch', description: '', config: {} }],
  ['core.approval', { path: 'core.approval', description: '', config: {}, ports: ['approved', 'rejected'] }],
]);

const graphOf = (text: string) => makeGraph(read(text).document, handlers);

test('nodes and edges of a document', () => {
  const { nodes, edges } = graphOf(`
name: x
steps:
  - { id: a, name: First, handler: core.set }
  - { id: b, handler: other.thing, dependencies: [a, "a:error", a, ghost, b], enabled: false }
`);
  expect(nodes).toMatchObject([
    {
      id: 'a',
      title: 'First',
      subtitle: 'Set',
      icon: 'equal',
      isKnown: true,
      ports: ['error'],
      isEnabled: true,
    },
    { id: 'b', title: 'b', subtitle: 'other.thing', plugin: 'other', isKnown: false, isEnabled: false },
  ]);
  expect(edges.map(({ id }) => id)).toEqual(['a→b', 'a:error→b']);
});

test('a document that is wrong everywhere still gives a graph', () => {
  expect(graphOf('')).toEqual({ nodes: [], edges: [], groups: [] });
  expect(graphOf('- 1').nodes).toEqual([]);
  const { nodes } = graphOf('steps: [1, {}, { id: a }, { id: a, dependencies: 3 }, { id: 7, handler: [] }]');
  expect(nodes.map(({ id }) => id)).toEqual(['#0', '#1', 'a', '#3', '#4']);
  for (const { text } of sampleDocuments()) graphOf(text);
});

test('ports come from the handler, the cases of a switch, and the edges that name them', () => {
  const { nodes } = graphOf(`
steps:
  - { id: ask, handler: core.approval }
  - id: which
    handler: core.switch
    config: { value: 1, cases: [{ equals: 1, port: one }, { equals: 2, port: "\${x}" }, 7], default: other }
  - { id: c, handler: core.set, dependencies: ["which:late", "which:error"] }
  - { id: each, handler: core.approval, foreach: [1, 2] }
`);
  expect(nodes.map(({ ports }) => ports)).toEqual([
    ['approved', 'rejected', 'error'],
    ['one', 'other', 'late', 'error'],
    ['error'],
    ['error'],
  ]);
});

test('badges say what a step does besides calling its handler', () => {
  const { nodes } = graphOf(`
steps:
  - id: a
    handler: core.set
    enabled: false
    when: "\${ config.x > 1 }"
    join: any
    foreach: \${config.list}
    concurrency: 4
    retry: { attempts: 3 }
    timeout: 1500
    required: false
    compensate: { handler: core.log }
    queue: gpu
`);
  expect(nodes[0]!.badges.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'disabled off',
    'condition if',
    'join any',
    'loop each ×4',
    'retry ×3',
    'timeout 1500ms',
    'optional optional',
    'compensate undo',
    'queue gpu',
  ]);
  expect(nodes[0]!.badges[1]!.title).toBe('Only when config.x > 1');
});

const links = (text: string) => text.split(' ').map((pair) => ({ from: pair[0]!, to: pair[1]! }));
const groupsOf = (text: string) =>
  findGroups(
    [...new Set(text.replaceAll(' ', ''))].map((id) => ({ id })),
    links(text),
  ).map(({ fork, members, join }) => `${fork}(${members.join('')})${join}`);

test('branches between a fork and its join are a group', () => {
  expect(groupsOf('ab ac bd cd')).toEqual(['a(bc)d']);
  expect(groupsOf('ab ac be cd de ef')).toEqual(['a(bcd)e']);
  expect(groupsOf('ab ac bd be df ef fg cg')).toEqual(['a(bcdef)g', 'b(de)f']);
});

test('ways in or out between them are no group', () => {
  expect(groupsOf('ab ac bd cd xc')).toEqual([]);
  expect(groupsOf('ab ac bd cd cx')).toEqual([]);
  expect(groupsOf('ab ac')).toEqual([]);
  expect(groupsOf('ab ba ac bc')).toEqual([]);
});

test('problems are found at the step and the field that they are about', () => {
  const { source } = read(`name: x
steps:
  - { id: a, handler: core.set, retry: { attempts: 0 }, config: { value: "\${steps.b.output}" } }
  - { handler: core.nothing }
nmae: y
`);
  const problems = validate(source, handlers, ['generic']);
  const marks = markSteps(problems, ['a', '#1']);
  expect(marks.ofStep.get('a')!.map(({ code }) => code)).toEqual(['VALUE', 'UNKNOWN_STEP']);
  expect(
    marks.ofStep
      .get('#1')!
      .map(({ code }) => code)
      .sort(),
  ).toEqual(['REQUIRED', 'UNKNOWN_HANDLER']);
  expect(marks.ofWorkflow).toMatchObject([{ code: 'UNKNOWN_KEY', line: 5, column: 1 }]);
  expect(problemsAt(problems, 'a', 'retry.attempts')).toHaveLength(1);
  expect(problemsAt(problems, 'a', 'config')).toHaveLength(0);
  expect(problemsAt(problems, 'a', 'config', true)).toHaveLength(1);
});
