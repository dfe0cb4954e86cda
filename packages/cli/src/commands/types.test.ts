import { expect, test } from 'vitest';
import { folder, vwmp } from '../testing/vwmp.ts';

const files = {
  'vwmp.config.mjs': `export default { plugins: [{ name: 'news', workflowTypes: [{
    name: 'digest', description: 'A weekly digest.',
    templates: [{ name: 'short', description: 'Only headlines.', document: { name: 'Digest', type: 'digest', steps: [
      { id: 'a', handler: 'core.set', config: { value: 'a: "b"' } },
      { id: 'b', handler: 'core.log', dependencies: ['a'], config: { message: '\${steps.a.output}' } },
    ] } }],
  }] }] };`,
};

test('lists types with their templates', async () => {
  const cwd = folder(files);
  const { code, stdout } = await vwmp(['types'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^generic +Any workflow\./m);
  expect(stdout).toMatch(/^digest +A weekly digest\.\n {2}short +Only headlines\./m);
  expect((await vwmp(['types', '--names'], { cwd })).stdout).toBe('generic\ndigest\nrelease\n');
  expect(JSON.parse((await vwmp(['types', 'digest', '--json'], { cwd })).stdout)).toMatchObject({
    name: 'digest',
    templates: [{ name: 'short' }],
  });
});

test('prints a template as YAML that runs', async () => {
  const cwd = folder(files);
  const { stdout } = await vwmp(['types', 'digest', '--template', 'short'], { cwd });
  expect(stdout).toMatch(/^name: Digest\ntype: digest\nsteps:\n {2}- id: a\n/);
  expect(await vwmp(['run', '-'], { cwd, input: stdout })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('a: \\"b\\"'),
  });
});

test('unknown names are errors with suggestions', async () => {
  const cwd = folder(files);
  expect((await vwmp(['types', 'digset'], { cwd })).stderr).toContain('Did you mean "digest"?');
  expect((await vwmp(['types', 'digest', '-t', 'shrt'], { cwd })).stderr).toContain('Did you mean "short"?');
  expect(await vwmp(['types', '-t', 'short'], { cwd })).toMatchObject({ code: 2 });
});
