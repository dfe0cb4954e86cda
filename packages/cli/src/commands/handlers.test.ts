import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { folder, vwmp } from '../testing/vwmp.ts';

interface Listed {
  path: string;
  title: string;
  config: object;
}

test('lists the handlers of core, of the default plugins and of the config', async () => {
  const cwd = folder({
    'vwmp.config.mjs': `export default { plugins: [{ name: 'mine', handlers: { go: {
      title: 'Go', description: 'Goes.', category: 'own', config: { type: 'object' }, execute() {} } } }] };`,
  });
  const { code, stdout } = await vwmp(['handlers'], { cwd });
  expect(code).toBe(0);
  for (const path of ['core.set', 'http.request', 'file.read', 'mine.go'])
    expect(stdout).toMatch(new RegExp(`^  ${path} `, 'm'));
  expect(stdout).toMatch(/^own$/m);
  const paths = (await vwmp(['handlers', '--paths'], { cwd })).stdout.trimEnd().split('\n');
  const json = JSON.parse((await vwmp(['handlers', '--json'], { cwd })).stdout) as Listed[];
  expect(json.map(({ path }) => path)).toEqual(paths);
  expect(json.find(({ path }) => path === 'mine.go')).toMatchObject({
    title: 'Go',
    category: 'own',
    config: { type: 'object' },
  });
});

test('explains one: types, defaults, what is required, ports', async () => {
  const { stdout } = await vwmp(['handlers', 'http.request']);
  expect(stdout).toMatch(/url\* +string/);
  expect(stdout).toMatch(/method +"GET" \| "HEAD"/);
  expect(stdout).toContain('Default: "30s".');
  expect(stdout).toMatch(/Ports\n {2}error/);
  expect((await vwmp(['handlers', 'core.approval'])).stdout).toMatch(/Ports\n {2}approved, rejected, error/);
});

test('explains all that a schema says', async () => {
  const cwd = folder({
    'vwmp.config.mjs': `export default { plugins: [{ name: 'mine', handlers: { go: { description: 'Goes.', execute() {}, config: {
      type: 'object', required: ['amount', 'kind', 'tags'], properties: {
        amount: { type: 'number', exclusiveMinimum: 5, exclusiveMaximum: 100, multipleOf: 2 },
        kind: { enum: ['a', 'b'], default: 'a' },
        tags: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 9, uniqueItems: true },
        labels: { type: 'object', patternProperties: { '^(.*)$': { type: 'string' } } },
        counts: { type: 'object', additionalProperties: { type: 'integer' } },
        closed: { type: 'object', additionalProperties: false } } } } } }] };`,
  });
  const { stdout } = await vwmp(['handlers', 'mine.go'], { cwd });
  expect(stdout).toMatch(/amount\* +number +More than 5\. Less than 100\. A multiple of 2\./);
  expect(stdout).toMatch(/kind +"a" \| "b" +Default: "a"\./);
  expect(stdout).toMatch(/tags\* +list of string +At least 1 in it\. At most 9 in it\. None twice\./);
  expect(stdout).toMatch(/labels +map of string/);
  expect(stdout).toMatch(/counts +map of integer/);
  expect(stdout).toMatch(/closed +object/);
  const { steps } = parse(stdout.split('Example\n')[1]!) as { steps: { config: object }[] };
  expect(steps[0]!.config).toEqual({ amount: 6, tags: ['…'] });
});

test('the example of every handler is a step that is valid', async () => {
  const paths = (await vwmp(['handlers', '--paths'])).stdout.trimEnd().split('\n');
  expect(paths.length).toBeGreaterThan(9);
  const examples = await Promise.all(
    paths.map(async (path) => (await vwmp(['handlers', path])).stdout.split('Example\n')[1] ?? ''),
  );
  const files = Object.fromEntries(
    examples.map((text, at) => {
      // What it reads of other steps is not there in an example.
      const { steps } = parse(text.replace(/\$\{steps[^}]*\}/g, 'text')) as { steps: object[] };
      return [
        `${paths[at]}.json`,
        JSON.stringify({ name: paths[at], parameters: [{ name: 'name', type: 'string' }], steps }),
      ];
    }),
  );
  const { code, stdout } = await vwmp(['validate', '.'], { cwd: folder(files) });
  expect(stdout).toBe(
    `${paths
      .toSorted()
      .map((path) => `✔ ${path}.json`)
      .join('\n')}\n`,
  );
  expect(code).toBe(0);
});

test('the name of a plugin stands for its handlers', async () => {
  const { code, stdout } = await vwmp(['handlers', 'git', '--paths']);
  expect(code).toBe(0);
  const paths = stdout.trimEnd().split('\n');
  expect(paths).toContain('git.commit');
  expect(paths.filter((path) => !path.startsWith('git.'))).toEqual([]);
  expect((await vwmp(['handlers', 'git'])).stdout).toMatch(/^git\n {2}git\.\w+ +\S/);
});

test('an unknown one is an error with a suggestion', async () => {
  expect(await vwmp(['handlers', 'http.reqest'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('Did you mean "http.request"?'),
  });
});
