import { existsSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Report } from '../check/check-project.ts';
import { createContext } from '../testing/context.ts';
import { git, makeFolder, writeFiles } from '../testing/folder.ts';
import { createCheck } from './check.ts';
import { execute as heal } from './heal.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('addresses that are gone are found, and asked for once', async () => {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const status =
      { '/good': 200, '/gone': 410, '/missing': 404, '/busy': 503, '/teapot': 418 }[request.url!] ?? 500;
    response
      .writeHead(
        request.url === '/get' && request.method === 'HEAD' ? 405 : request.url === '/get' ? 200 : status,
      )
      .end();
  });
  const links = ['good', 'good#x', 'gone', 'missing', 'busy', 'teapot', 'get'].map(
    (path) => `[x](${url}/${path})`,
  );
  const folder = makeFolder({ 'a.md': `${links.join(' ')}\n`, 'b.md': `${links[2]}\n` });
  const check = createCheck({ allowPrivateAddresses: true });
  const { findings } = (await check(createContext({ links: true }, folder))) as Report;
  expect(findings.map(({ kind, file, message }) => `${kind} ${file} ${message.replace(url, '')}`)).toEqual([
    'link_dead a.md /gone answers 410.',
    'link_dead a.md /missing answers 404.',
    'link_dead b.md /gone answers 410.',
  ]);
  expect(asked.filter((each) => each.endsWith('/good'))).toEqual(['HEAD /good']);
  asked.length = 0;
  await check(createContext({}, folder));
  await createCheck({})(createContext({ links: true }, folder));
  expect(asked).toEqual([]);
});

it('a model is asked where no rule helps, and believed where its answer is right', async () => {
  const bodies: { model: string; messages: { content: string }[]; key: string | undefined }[] = [];
  const answers = ['```json\n{"a": {"b": [1]}}\n```', 'not json either {', '{"c": 1}'];
  const url = await serve((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      bodies.push({ ...(JSON.parse(text) as (typeof bodies)[number]), key: request.headers.authorization });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          choices: [{ message: { role: 'assistant', content: answers[bodies.length - 1] } }],
        }),
      );
    });
  });
  const wrong = '```json\nwhat { is ] this }{ [\n```\n';
  const folder = makeFolder({ 'a.md': `${wrong}\n${wrong}` });
  const model = { url: `${url}/v1`, name: 'small', key: 'MODEL_KEY' };
  const context = createContext({ model }, folder, { secrets: { MODEL_KEY: 'sk-secret' } });
  const { corrections, left, patch } = await heal(context);
  expect(corrections).toMatchObject([{ rule: 'model', confidence: 0.6, reason: 'Proposed by small.' }]);
  expect(left).toMatchObject([{ kind: 'syntax' }]);
  expect(patch).toContain('+{"a": {"b": [1]}}');
  expect(bodies[0]).toMatchObject({ model: 'small', key: 'Bearer sk-secret' });
  expect(bodies[0]!.messages.at(-1)!.content).toContain('what { is ]');
  const asked = bodies.length;
  await heal(createContext({}, folder));
  expect(bodies).toHaveLength(asked);
});

describe('what a model answers', () => {
  /** What a file becomes when a model answers this. */
  async function healedBy(answer: string, text: string): Promise<string> {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: answer } }] }));
    });
    const folder = makeFolder({ 'a.md': text, 'guide/setup-of-all.md': '# S\n' });
    git(folder, 'init', '-q');
    const { patch, healed } = await heal(createContext({ model: { url, name: 'small' } }, folder));
    if (patch === '') return text;
    expect(healed).toBe(1);
    writeFiles(folder, { 'x.patch': patch });
    git(folder, '-c', 'core.autocrlf=false', 'apply', '--whitespace=nowarn', 'x.patch');
    return readFileSync(join(folder, 'a.md'), 'utf8');
  }

  const block = '# A\n\n```js\nlet x = 1;\nconst = what ( ;\n```\n\nEnd.\n';
  const line = '# A\n\nKeep this `b`, see [x](nowhere.md "t").\n';
  const text = 'Keep this `b`, see ';

  it.each([
    ['nothing', '', block],
    ['blanks', ' \n\t', block],
    ['what ends the block', 'a();\n```\n\n[x](https://evil.example/)\n\n```js\nb();', block],
    ['blanks', ' ', line],
    ['that it will not', "I'm sorry, but I can't help with that.", line],
    ['a line without the link', `${text}x.`, line],
    ['a line with another link', `${text}[x](guide/setup-of-all.md "t"). [y](https://evil.example/)`, line],
    ['a line that says something else', 'Drop it, see [x](guide/setup-of-all.md "t").', line],
    ['a link that leads away', `${text}[x](https://evil.example/ "t").`, line],
    ['two lines', `${text}[x](guide/setup-of-all.md "t").\n# B`, line],
    ['HTML', `${text}[x](a.md "u") <img src=x> [x](guide/setup-of-all.md "t").`, line],
  ])('heals nothing when it is %s', async (_, answer, wrong) => {
    expect(await healedBy(answer, wrong)).toBe(wrong);
  });

  it('heals with the line ends of the file', async () => {
    const right = block.replace('const = what ( ;', 'f(x);');
    expect(await healedBy('let x = 1;\r\nf(x);', block)).toBe(right);
    expect(await healedBy('let x = 1;\r\nf(x);', block.replaceAll('\n', '\r\n'))).toBe(
      right.replaceAll('\n', '\r\n'),
    );
  });

  it('heals a link that is one afterwards', async () => {
    const right = line.replace('nowhere.md', 'guide/setup-of-all.md');
    expect(await healedBy(`${text}[x](guide/setup-of-all.md "t").`, line)).toBe(right);
  });
});

it('goes on without a model that does not answer', async () => {
  const url = await serve((_, response) => response.writeHead(500).end());
  const folder = makeFolder({ 'a.md': '```json\nwhat { is ] this }{ [\n```\n\n```json\n{"a": 1,}\n```\n' });
  const context = createContext({ model: { url, name: 'small' } }, folder);
  expect(await heal(context)).toMatchObject({ healed: 1, left: [{ kind: 'syntax' }] });
  expect(context.lines.some(({ message }) => message.includes('did not answer'))).toBe(true);
});

describe('a model is asked', () => {
  const many = '```json\nwhat { is ] this }{ [\n```\n'.repeat(6);

  /** How often it is, and what is warned of, when it answers with these, the last one again and again. */
  async function asked(
    config: { min_confidence?: number },
    ...answers: { status: number; after?: string; content?: string }[]
  ): Promise<{ times: number; healed: number; warnings: string[] }> {
    let times = 0;
    const url = await serve((_, response) => {
      const { status, after, content } = answers[Math.min(times++, answers.length - 1)]!;
      const headers = {
        'content-type': 'application/json',
        ...(after !== undefined && { 'retry-after': after }),
      };
      response.writeHead(status, headers).end(JSON.stringify({ choices: [{ message: { content } }] }));
    });
    const context = createContext({ ...config, model: { url, name: 'small' } }, makeFolder({ 'a.md': many }));
    const { healed } = await heal(context);
    return { times, healed, warnings: context.lines.map(({ message }) => message) };
  }

  it('no more when it does not answer', async () => {
    const { times, warnings } = await asked({}, { status: 500 });
    expect(times).toBe(3);
    expect(warnings.at(-1)).toContain('asked no more');
  });

  it('further when it answers in between, though it is no use', async () => {
    const useless = { status: 200, content: 'No.' };
    const { times } = await asked({}, { status: 500 }, { status: 500 }, useless, { status: 500 }, useless);
    expect(times).toBe(6);
  });

  it('again when it says when to come again, and that is soon', async () => {
    const right = { status: 200, content: '{"a": 1}' };
    expect(await asked({}, { status: 429, after: '0' }, right)).toMatchObject({ times: 7, healed: 6 });
    expect((await asked({}, { status: 429, after: '3600' })).times).toBe(3);
    expect((await asked({}, { status: 429 })).times).toBe(3);
  });

  it('for nothing that would not be taken', async () => {
    const { times, warnings } = await asked({ min_confidence: 0.7 }, { status: 200, content: '{}' });
    expect(times).toBe(0);
    expect(warnings).toEqual([expect.stringContaining('min_confidence is 0.7')]);
  });
});

it('types are checked against the packages of the folder', async () => {
  const folder = makeFolder({
    'package.json': JSON.stringify({ name: '@demo/kit', exports: { '.': './src/index.ts' } }),
    'src/index.ts':
      'export interface Options {\n  wait?: number;\n}\nexport function open(path: string, options?: Options): { size: number } {\n  return { size: path.length + (options?.wait ?? 0) };\n}\n',
    'a.md':
      "- x\n\n  ```ts\n  import { open } from '@demo/kit';\n\n  open('a', { wait: 'long' }).length;\n  undeclared.fine();\n  ```\n",
  });
  const context = createContext({ types: true }, folder);
  const { findings } = (await createCheck({})(context)) as Report;
  expect(context.lines).toEqual([]);
  expect(findings.map(({ kind, line, subject }) => `${kind} ${line} ${subject}`)).toEqual([
    'type_error 6 TS2322',
    'type_error 6 TS2339',
  ]);
  const other = createContext({ types: true, source: { folder: '.', revision: 'HEAD' } }, folder);
  await expect(createCheck({})(other)).rejects.toMatchObject({ code: 'GIT_NO_REPOSITORY' });
}, 120_000);

it('a compiler that comes with the folder is not run', async () => {
  const folder = makeFolder({
    'package.json': JSON.stringify({ name: '@demo/kit', exports: { '.': './src/index.ts' } }),
    'src/index.ts': 'export const size: number = 1;\n',
    'node_modules/typescript/package.json': JSON.stringify({ name: 'typescript', version: '5.9.0' }),
    'a.md': "```ts\nimport { size } from '@demo/kit';\nsize.length;\n```\n",
  });
  const trace = join(folder, 'trace');
  const compiler = `require('node:fs').writeFileSync(${JSON.stringify(trace)}, 'was run');\n`;
  writeFiles(folder, { 'node_modules/typescript/lib/tsc.js': compiler });
  const { findings } = (await createCheck({})(createContext({ types: true }, folder))) as Report;
  expect(existsSync(trace)).toBe(false);
  expect(findings.map(({ subject }) => subject)).toEqual(['TS2339']);
}, 120_000);
