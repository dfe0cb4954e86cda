import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { canonicalLanguage } from '../languages/index.ts';
import { runTool } from '../languages/run-tool.ts';
import type { Project } from '../project/project.ts';
import type { Finding } from './finding.ts';

/**
 * What TypeScript says about the use of an API. Names that an example doesn't declare, and modules that aren't installed, are no mistakes
 * of an example.
 */
const about = new Set([
  2305, 2322, 2339, 2345, 2353, 2551, 2554, 2555, 2561, 2559, 2724, 2739, 2740, 2741, 2769, 2820,
]);

/**
 * Checks the types of TypeScript blocks that import packages of the folder, with the compiler that is installed beside this plugin. One that
 * stands in the folder is never run: it may have come with what is checked.
 *
 * @param folder - undefined where there are no files to compile: a revision, or GitHub
 * @param warn - told why it could not be done
 */
export async function checkTypes(
  files: readonly string[],
  project: Project,
  folder: string | undefined,
  signal: AbortSignal,
  warn: (message: string) => void,
): Promise<Finding[]> {
  if (folder === undefined) {
    warn('Types are checked in a folder only, not at a revision.');
    return [];
  }
  const compiler = findCompiler();
  if (compiler === undefined) {
    warn('Types are not checked: install typescript beside @vwmp/plugin-doc-healing.');
    return [];
  }
  const examples: {
    file: string;
    index: number;
    line: number;
    prefix: number;
    name: string;
    text: string;
  }[] = [];
  for (const file of files) {
    const document = await project.head.document(file);
    if ('skipped' in document) continue;
    for (const [index, { language, text, line, prefix, meta }] of document.blocks.entries()) {
      const own = [...text.matchAll(/from\s*['"]([^'"]+)['"]/g)].some((match) =>
        project.head.packageOf(match[1]!),
      );
      if (canonicalLanguage(language) !== 'typescript' || !own || /\bno-check\b/.test(meta)) continue;
      examples.push({
        file,
        index,
        line,
        text,
        prefix: prefix.length,
        name: `example-${examples.length}.ts`,
      });
    }
  }
  if (examples.length === 0) return [];
  const scratch = await mkdtemp(join(tmpdir(), 'vwmp-types-'));
  try {
    await mkdir(join(scratch, 'src'));
    for (const { name, text } of examples)
      await writeFile(join(scratch, 'src', name), `${text}\nexport {};\n`);
    if (existsSync(join(folder, 'node_modules')))
      await symlink(join(folder, 'node_modules'), join(scratch, 'node_modules'), 'dir');
    await writeFile(join(scratch, 'tsconfig.json'), JSON.stringify(configFor(folder, project)));
    const result = await runTool(process.execPath, [compiler, '-p', scratch, '--pretty', 'false'], {
      cwd: scratch,
      signal,
      timeout: 120_000,
    });
    if ('missing' in result) {
      warn('Types are not checked: the compiler did not end within two minutes.');
      return [];
    }
    const findings: Finding[] = [];
    for (const match of result.stdout.matchAll(/(example-\d+\.ts)\((\d+),(\d+)\): error TS(\d+): (.*)/g)) {
      const [, name, line, column, number, message] = match;
      const example = examples.find((each) => each.name === name);
      if (!example || !about.has(Number(number))) continue;
      findings.push({
        ...{
          kind: 'type_error',
          file: example.file,
          block: example.index,
          subject: `TS${number}`,
          message: message!,
        },
        line: example.line + Number(line) - 1,
        column: Number(column) + example.prefix,
      });
    }
    return findings;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function findCompiler(): string | undefined {
  try {
    const manifest = createRequire(import.meta.filename).resolve('typescript/package.json');
    return ['bin/tsc', 'lib/tsc.js']
      .map((each) => join(dirname(manifest), each))
      .find((each) => existsSync(each));
  } catch {
    return undefined;
  }
}

function configFor(folder: string, { head }: Project): object {
  const paths: Record<string, string[]> = {};
  for (const { entries } of head.packages) {
    for (const [entry, file] of entries) if (file !== undefined) paths[entry] = [join(folder, file)];
  }
  return {
    compilerOptions: {
      ...{
        target: 'es2023',
        lib: ['es2024', 'dom'],
        module: 'esnext',
        moduleResolution: 'bundler',
        types: [],
      },
      ...{
        strict: false,
        noEmit: true,
        skipLibCheck: true,
        allowImportingTsExtensions: true,
        resolveJsonModule: true,
      },
      ...{ customConditions: ['source'], paths },
    },
    include: ['src'],
  };
}
