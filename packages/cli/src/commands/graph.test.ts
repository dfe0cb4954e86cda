import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folder, vwmp, workflow } from '../testing/vwmp.ts';

const set = (id: string, rest: object = {}): object => ({
  id,
  handler: 'core.set',
  config: { value: 1 },
  ...rest,
});
const sample = workflow(
  [
    set('load', { retry: { attempts: 3 }, timeout: '20s' }),
    {
      id: 'pick',
      handler: 'core.switch',
      config: { value: 1, cases: [{ equals: 1, port: 'one' }] },
      dependencies: ['load'],
    },
    set('end', { dependencies: ['pick:one'], name: 'The <end> & "more"', when: '${true}' }),
    set('alarm', {
      dependencies: ['load:error', 'pick:error'],
      join: 'any',
      required: false,
      enabled: false,
    }),
  ],
  { name: 'A & B' },
);

test('text: levels, a tree, badges, and the edges that the tree does not show', async () => {
  const { code, stdout } = await vwmp(['graph', '-'], { input: sample });
  expect(code).toBe(0);
  expect(stdout).toBe(`A & B  w · 0.1.0 · 4 steps · 3 levels
1  ● load     core.set     retry ×3 · 20s
2  ● pick     core.switch
3  ├─● end    core.set     when · ← pick:one
3  └─○ alarm  core.set     disabled · any · optional · ← load:error, pick:error
`);
});

test('Mermaid: ids and labels are escaped', async () => {
  const { stdout } = await vwmp(['graph', '-', '--format', 'mermaid'], { input: sample });
  expect(stdout).toMatch(/^---\ntitle: "A & B"\n---\nflowchart TD\n/);
  expect(stdout).toContain(
    's2["<b>The #60;end#62; #38; #34;more#34; #40;end#41;</b><br/>core.set<br/><small>when</small>"]',
  );
  expect(stdout).toContain('s1 -- "one" --> s2');
  expect(stdout).toMatch(/linkStyle 2,3 stroke/);
});

test('SVG: well-formed, with every step, port and badge, light and dark', async () => {
  const cwd = folder({ 'w.yaml': sample });
  const { code, stdout, stderr } = await vwmp(['graph', 'w.yaml', '-o', 'out/w.svg'], { cwd });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '✔ out/w.svg\n' });
  const svg = readFileSync(join(cwd, 'out/w.svg'), 'utf8');
  expect(svg.match(/class="step/g)).toHaveLength(4);
  expect(svg.match(/<path class="edge/g)).toHaveLength(4);
  expect(svg).toContain('The &#60;end&#62; &#38; &#34;more&#34;');
  for (const badge of ['retry ×3', '20s', 'when', 'any', 'optional', 'disabled'])
    expect(svg).toContain(`>${badge}</text>`);
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(svg).not.toMatch(/NaN|undefined|<script/);
  // Every element that is opened is closed.
  const open = svg.match(/<[a-z][^>]*[^/]>/g)?.length;
  expect(svg.match(/<\/[a-z]+>/g)).toHaveLength(open ?? 0);
});

test('a long chain is drawn as text, and refused as a picture', async () => {
  const input = workflow(
    [...Array(3000).keys()].map((at) => set(`s${at}`, at === 0 ? {} : { dependencies: [`s${at - 1}`] })),
  );
  expect((await vwmp(['graph', '-'], { input })).stdout).toContain('3000  ● s2999');
  expect(await vwmp(['graph', '-', '-f', 'svg'], { input })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('1000 at most'),
  });
});

test('a wrong format and a place that cannot be written are errors', async () => {
  const cwd = folder({ 'w.yaml': sample, taken: '' });
  expect(await vwmp(['graph', 'w.yaml', '-f', 'svgg'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is no format "'),
  });
  expect(await vwmp(['graph', 'w.yaml', '-o', 'x.png'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Take .svg, .mmd or .mermaid, or .txt'),
  });
  expect(await vwmp(['graph', 'w.yaml', '-o', 'taken/x.svg'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("can't be written"),
  });
});
