import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createProject, type TestProject } from '../testing/platform.ts';
import type { Running } from '../testing/vwmp.ts';

const workflow = `# kept
name: Hello
parameters: [{ name: who, type: string }]
steps: [{ id: greet, handler: core.set, config: { value: "Hello \${parameters.who}" } }]
output: "\${steps.greet.output}"
`;

async function serve(project: TestProject, args: readonly string[] = []): Promise<[Running, string]> {
  const running = project.start(['serve', '--port', '0', ...args]);
  let text = '';
  running.child.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  await running.until(/VWMP is ready\..* docs=/);
  const [, url = ''] = /url=(\S+)/.exec(text) ?? [];
  return [running, url];
}

test('it answers the API without any setting, with what it was seeded with once, and SIGTERM ends it with 0', async () => {
  const project = createProject({
    'seeds/hello.yaml': workflow,
    'seeds/broken.yaml': 'name: x\nsteps: []\n',
  });
  const [first, url] = await serve(project, ['--seed', 'seeds']);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const answer = await fetch(`${url}/api/vwmp/workflows/hello/execute/?wait=1m`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"parameters": {"who": "Ana"}}',
  });
  expect(await answer.json()).toMatchObject({ status: 'success', output: 'Hello Ana' });
  await fetch(`${url}/api/vwmp/workflows/hello`, { method: 'DELETE' });
  await fetch(`${url}/api/vwmp/workflows/`, {
    method: 'POST',
    headers: { 'content-type': 'application/yaml' },
    body: workflow.replace('Hello', 'Other'),
  });
  first.child.kill('SIGTERM');
  const { code, stdout, stderr } = await first.outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/A workflow was not stored\. file=seeds\/broken\.yaml/);
  // What was deleted does not come back.
  const [second, again] = await serve(project, ['--seed', 'seeds']);
  const { results } = (await (await fetch(`${again}/api/vwmp/workflows`)).json()) as {
    results: { id: string }[];
  };
  expect(results.map(({ id }) => id)).toEqual(['other']);
  second.child.kill('SIGINT');
  expect((await second.outcome).code).toBe(0);
});

test('it says what is wrong with the address', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const project = createProject();
  const taken = await project.run(['serve', '--port', String(port)]);
  other.close();
  expect(taken.code).toBe(1);
  expect(taken.stderr).toContain(`Something listens at 127.0.0.1:${port} already.`);
  const unknown = await project.run(['serve', '--port', 'http']);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('--port') as string });
  const config = await project.run(['serve', '--config', 'none.mjs']);
  expect(config).toMatchObject({ code: 2, stderr: expect.stringContaining('none.mjs') as string });
  const seeds = await project.run(['serve', '--seed', 'gone']);
  const told = expect.stringContaining('There is no folder "gone" to begin with.') as string;
  expect(seeds).toMatchObject({ code: 2, stderr: told });
});

test('it does not listen where others reach it without authentication', async () => {
  const project = createProject();
  const { code, stderr } = await project.run(['serve', '--host', '0.0.0.0', '--port', '0']);
  expect(code).not.toBe(0);
  expect(stderr).toContain('vwmp keys create NAME --role admin');
});
