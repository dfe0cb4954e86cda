import type { Files } from './folder.ts';

const manifest = (scripts: Record<string, string>, version: string): string =>
  JSON.stringify(
    {
      name: '@demo/kit',
      version,
      type: 'module',
      exports: { '.': './src/index.ts', './extra': './src/extra.ts' },
      bin: { kit: './bin/kit.js' },
      scripts,
    },
    null,
    2,
  );

/** A package whose documentation is right. */
export const before: Files = {
  'package.json': manifest({ build: 'tsc -b', 'check-all': 'biome check .' }, '1.4.0'),
  'src/index.ts': [
    'export interface OpenOptions {\n  retries?: number;\n  waitMs?: number;\n}',
    'export function openStore(path: string, options?: OpenOptions): string {\n  return path + String(options?.waitMs);\n}',
    'export function copyItem(from: string, to: string): void {\n  console.log(from, to);\n}',
    'export function measure(text: string): number {\n  return text.length;\n}\n',
  ].join('\n\n'),
  'src/extra.ts': 'export const limit = 10;\n',
  'bin/kit.js':
    "#!/usr/bin/env node\nconst options = { 'dry-run': { type: 'boolean' } };\nconsole.log(options);\n",
  'docs/guide.md': '# Guide\n\n## First steps\n\nText.\n\n## Limits\n\nText.\n',
  'docs/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"></svg>\n',
  'README.md': [
    '# Kit',
    '![Logo](docs/logo.svg)',
    'See the [guide](docs/guide.md) and its [first steps](docs/guide.md#first-steps).',
    '```sh\nnpm install @demo/kit@1.4.0\nnpm run check-all\nnpx kit --dry-run\n```',
    "```ts\nimport { copyItem, measure, openStore } from '@demo/kit';\n\nopenStore('a', { waitMs: 5 });\ncopyItem('a', 'b');\nmeasure('abc');\n```",
    '`openStore()` opens it.\n',
  ].join('\n\n'),
};

/** The same package after its code was changed and its documentation forgotten. */
export const after: Files = {
  ...before,
  'package.json': manifest({ build: 'tsc -b', lint: 'biome check .' }, '2.0.0'),
  'src/index.ts': [
    'export interface OpenOptions {\n  retries?: number;\n  delayMs?: number;\n}',
    'export function openDatabase(path: string, options?: OpenOptions): string {\n  return path + String(options?.delayMs);\n}',
    'export function copyItem(to: string, from: string): void {\n  console.log(from, to);\n}\n',
  ].join('\n\n'),
  'src/extra.ts':
    'export const limit = 10;\n\nexport function measure(text: string): number {\n  return text.length;\n}\n',
  'bin/kit.js':
    "#!/usr/bin/env node\nconst options = { 'preview': { type: 'boolean' } };\nconsole.log(options);\n",
  'docs/guide.md': '# Guide\n\n## Getting started\n\nText.\n\n## Limits\n\nText.\n',
  'assets/logo.svg': before['docs/logo.svg']!,
};
delete (after as Record<string, unknown>)['docs/logo.svg'];

/** What the README reads when it is right again. */
export const healed: string = [
  '# Kit',
  '![Logo](assets/logo.svg)',
  'See the [guide](docs/guide.md) and its [first steps](docs/guide.md#getting-started).',
  '```sh\nnpm install @demo/kit@2.0.0\nnpm run lint\nnpx kit --preview\n```',
  "```ts\nimport { copyItem, openDatabase } from '@demo/kit';\nimport { measure } from '@demo/kit/extra';\n\nopenDatabase('a', { delayMs: 5 });\ncopyItem('b', 'a');\nmeasure('abc');\n```",
  '`openDatabase()` opens it.\n',
].join('\n\n');
