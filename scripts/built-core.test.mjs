import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { root } from './lib/paths.mjs';

// The build leaves out what of the parser of YAML is not needed: it has to read, check and edit like the whole one.

/** @param {string} file @returns {Promise<any>} */
const language = (file) => import(pathToFileURL(join(root, 'packages/core', file)).href);
const built = await language('dist/language.js');
const source = await language('src/language/index.ts');

const hostile = [
  '%YAML 1.1\n---\nname: yes\nold: 0777\nmerged: { <<: { a: 1 } }\n',
  '%TAG ! tag:x,2000:\n---\nname: !y 1\n',
  'a: !!set { x, y }\nb: !!omap [a: 1]\nc: !!binary aGk=\nd: !!timestamp 2020-01-01\ne: !!int "1"\nf: !foo 1\n',
  'base: &base { a: 1 }\nsteps:\n  - <<: *base\n    b: [*base]\n',
  'a: 0x1f\nb: 0o17\nc: 1_000\nd: .inf\ne: .nan\nf: ~\ng: 1e3\nh: 12345678901234567890\n',
  '? [a, b]\n: 1\n? { c: d }\n: 2\n',
  'text: |+\n  two\n\nfolded: >-\n  a\n  b\n# end\n',
  'name: "unclosed\n',
  'a: 1\n\tb: 2\n- c\n',
  '',
];
const files = globSync(['conformance/**/*.yaml', 'examples/**/*.yaml', 'docs/**/*.yaml'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
});
const texts = [...hostile, ...files.map((file) => readFileSync(join(root, file), 'utf8'))];

/** @param {any} language @param {string} text */
function readAll({ parseDocument, validateWorkflow, editDocument }, text) {
  const { value, problems } = parseDocument(text);
  const edits = [{ set: ['description'], value: { a: [1, 'two: three', null] } }];
  return {
    value,
    problems,
    validation: validateWorkflow(text),
    edited: attempt(() => editDocument(text, edits)),
  };
}

/** @param {() => unknown} call */
function attempt(call) {
  try {
    return call();
  } catch (error) {
    return String(error);
  }
}

test('what is built reads, checks and edits as the source does', () => {
  expect(files.length).toBeGreaterThan(10);
  for (const text of texts) expect(readAll(built, text), text.slice(0, 80)).toEqual(readAll(source, text));
});

/** What of the core is loaded once a program has done so much. @param {string} work */
function loadedBy(work) {
  const program = `
const files = [];
const session = new (process.getBuiltinModule('node:inspector').Session)();
session.connect();
session.on('Debugger.scriptParsed', ({ params: { url } }) => {
  if (url.includes('/packages/core/dist/')) files.push(url.split('/').at(-1));
});
session.post('Debugger.enable');
const { WorkflowEngine } = await import('./packages/core/dist/index.js');
${work}
console.log(JSON.stringify(files.sort()));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: root });
  return JSON.parse(String(output));
}

test('what carries executions out is loaded with the first workflow, and not by a program that might have one some day', () => {
  const engine = 'const engine = new WorkflowEngine();';
  expect(loadedBy(engine)).toEqual(['index.js']);
  const document = "{ name: 'A', steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }] }";
  const used = ['engine-first-use.js', 'index.js', 'language-first-use.js'];
  expect(loadedBy(`${engine} await engine.executeWorkflow(${document});`)).toEqual(used);
});

// It hands on what it was given or not, which "exactOptionalPropertyTypes" tells from leaving it out.
const strict = `
import { type Execution, WorkflowEngine } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';

export interface Request { key?: string; signal?: AbortSignal; id?: string }

export function execute(document: string, { signal, id }: Request): Promise<Execution> {
  return new WorkflowEngine().executeWorkflow(document, {}, { signal, id });
}

export async function start(platform: Platform, workflow: string, { key, signal }: Request): Promise<Execution> {
  const { execution_id } = await platform.start(workflow, {}, { idempotencyKey: key });
  return platform.wait(execution_id, { signal });
}
`;

test('the types fit a program that is as strict as a compiler can be', () => {
  const folder = mkdtempSync(join(root, 'packages/core/.strict-'));
  try {
    const compilerOptions = {
      ...{ target: 'es2023', lib: ['es2023'], module: 'nodenext', types: ['node'], noEmit: true },
      ...{
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
      },
    };
    writeFileSync(join(folder, 'program.ts'), strict);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const tsc = join(root, 'node_modules/.bin/tsc');
    expect(attempt(() => execFileSync(tsc, ['-p', folder], { encoding: 'utf8' }))).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test('the types need no others: not those of Node, either', () => {
  const types = globSync('packages/core/dist/types/*.d.ts', { cwd: root });
  expect(types.length).toBeGreaterThan(5);
  for (const file of types)
    expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(
      /import\('[^.]|from '[^.]|\b(NodeJS\.|Buffer\b(?!s))/,
    );
});
