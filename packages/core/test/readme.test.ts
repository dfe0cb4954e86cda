import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument, validateWorkflow } from '../src/language/index.ts';

const run = promisify(execFile);
const packageRoot = join(import.meta.dirname, '..');
const readmes = [
  join(packageRoot, 'README.md'),
  join(packageRoot, '../../README.md'),
  join(packageRoot, '../../docs/language.md'),
  join(packageRoot, '../../docs/durability.md'),
];
const text = (await Promise.all(readmes.map((file) => readFile(file, 'utf8')))).join('\n');
const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({
  language,
  text: text!,
}));
const examples = blocks.filter(({ language }) => language === 'ts').map(({ text }) => text);

/** `console.log(…); // what it prints` */
function promisedOutput(text: string): string[] {
  return [...text.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, output]) => output!);
}

/** Inside of the package, so that the examples find it under its own name. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(packageRoot, '.readme-'));
  const files = blocks.filter(({ language, text }) => language === 'yaml' && /^# [\w-]+\.yaml\n/.test(text));
  for (const { text } of files) await writeFile(join(folder, text.slice(2, text.indexOf('\n'))), text);
  await Promise.all(examples.map((text, index) => writeFile(join(folder, `example-${index}.ts`), text)));
  const tsconfig = {
    extends: '../tsconfig.json',
    compilerOptions: { isolatedDeclarations: false, declaration: false },
    include: ['*.ts'],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
});

afterAll(async () => rm(folder, { recursive: true, force: true }));

describe('the examples of the READMEs', () => {
  it('are there', () => expect(examples.length).toBeGreaterThan(3));

  it.each(
    blocks
      .filter(({ language }) => language === 'yaml')
      .map(({ text }) => [text.split('\n')[0], text] as const),
  )('the workflow "%s" is valid', (_name, yaml) =>
    expect(validateWorkflow(parseDocument(yaml)).problems).toEqual([]),
  );

  it('have the right types', { timeout: 60_000 }, async () => {
    const tsc = join(packageRoot, '../../node_modules/.bin/tsc');
    const { stdout } = await run(tsc, ['-p', folder]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });

  it.each(examples.map((text, index) => [index + 1, text] as const))(
    'example %i prints what it says',
    async (number, text) => {
      const { stdout } = await run(process.execPath, ['--conditions=source', `example-${number - 1}.ts`], {
        cwd: folder,
      });
      expect(stdout.trim().split('\n')).toEqual(promisedOutput(text));
    },
  );
});
