import { pluginReadme } from './plugin-readme.ts';

/** The name of the package of a plugin. */
export function pluginPackage(name: string): string {
  return `vwmp-plugin-${name}`;
}

/** The files of a new plugin, by path. @param version - of the packages that it asks for */
export function pluginFiles(name: string, version: string): Record<string, string> {
  return {
    'src/index.ts': plugin(name),
    'src/greet.ts': handler,
    'src/plugin.test.ts': test(name),
    'workflows/welcome.yaml': workflow(name),
    'vwmp.config.mjs': config,
    'package.json': `${JSON.stringify(packageJson(name, version), null, 2)}\n`,
    'tsconfig.json': `${JSON.stringify(tsconfig, null, 2)}\n`,
    'README.md': pluginReadme(name),
    '.gitignore':
      'node_modules/\ndist/\n# What vwmp worker keeps, and settings with passwords.\n.vwmp/\n.env\n',
  };
}

const plugin = (
  name: string,
): string => `import { defineHandler, definePlugin, type Plugin } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';

/** A step that uses it says "handler: ${name}.greet". */
const greet = defineHandler({
  title: 'Greet',
  description: 'Greets someone in a language.',
  // Checked before the code is called, and the form of the designer.
  config: Type.Object({
    name: Type.String({ minLength: 1, description: 'Who is greeted.' }),
    language: Type.Optional(Type.Enum(['en', 'de', 'fr'], { default: 'en' })),
  }),
  output: Type.String(),
  // The code is loaded by its first use: a list of plugins costs nothing.
  load: () => import('./greet.ts'),
});

const plugin: Plugin = definePlugin({ name: '${name}', handlers: { greet } });

export default plugin;
`;

const handler = `import { type HandlerContext, VwmpError } from '@vwmp/core';

interface GreetConfig {
  readonly name: string;
  readonly language?: 'en' | 'de' | 'fr';
}

const words = { en: 'Hello', de: 'Hallo', fr: 'Bonjour' };

/** What it returns is the output of the step. What it throws fails the step, which is tried again if the workflow says so. */
export function execute({ config, logger }: HandlerContext<GreetConfig>): string {
  const { name, language = 'en' } = config;
  if (name.trim() === '') {
    throw new VwmpError('NAME_BLANK', 'The name consists of spaces. Say who is greeted.', { retryable: false });
  }
  logger.info(\`greeting in \${language}\`);
  return \`\${words[language]}, \${name.trim()}!\`;
}
`;

const test = (name: string): string => `import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { assertSteps, runHandler, TestEngine } from '@vwmp/core/testing';
import plugin from './index.ts';

const greet = plugin.handlers!.greet!;

test('greets someone', async () => {
  const { output, logs } = await runHandler(greet, { name: ' Ana ', language: 'de' });
  assert.equal(output, 'Hallo, Ana!');
  assert.deepEqual(logs.map(({ message }) => message), ['greeting in de']);
});

test('refuses what makes no sense', async () => {
  await assert.rejects(runHandler(greet, { name: 'Ana', language: 'xx' }), { code: 'CONFIG_INVALID' });
  await assert.rejects(runHandler(greet, { name: ' ' }), { code: 'NAME_BLANK' });
});

test('the workflow asks again after a week', async () => {
  const engine = new TestEngine({ plugins: [plugin] });
  const asked = engine.mockStep('ask', { approved: true });
  const workflow = await readFile('workflows/welcome.yaml', 'utf8');
  // It sleeps for seven days, and the test does not.
  const execution = await engine.executeWorkflow(workflow, { name: 'Bo' });
  assertSteps(execution, { greet: 'success', later: 'success', ask: 'success' });
  assert.equal(execution.output, 'Hello, Bo!');
  assert.equal(asked[0]?.config.prompt, 'Was Bo greeted well?');
  assert.equal(engine.calls.filter(({ handler }) => handler === '${name}.greet').length, 1);
});
`;

const workflow = (name: string): string => `# Run it: npm start
id: welcome
name: Welcome

parameters:
  - { name: name, type: string, default: World, description: Who is greeted }
  - { name: after, type: string, default: 7d, description: How much later to ask }

output: "\${steps.greet.output}"

steps:
  - id: greet
    handler: ${name}.greet
    config: { name: "\${parameters.name}" }
  - id: later
    handler: core.sleep
    dependencies: [greet]
    config: { duration: "\${parameters.after}" }
  - id: ask
    handler: core.approval
    dependencies: [later]
    config: { prompt: "Was \${parameters.name} greeted well?" }
`;

const config = `import plugin from './dist/index.js';

/** @type {import('@vwmp/core').Config} */
export default { plugins: [plugin] };
`;

const tsconfig = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    skipLibCheck: true,
    rootDir: 'src',
    outDir: 'dist',
  },
  include: ['src'],
};

function packageJson(name: string, version: string): object {
  const range = `^${version}`;
  return {
    name: pluginPackage(name),
    version: '0.1.0',
    description: `Steps for VWMP: ${name}`,
    keywords: ['vwmp', 'vwmp-plugin', 'workflow'],
    type: 'module',
    sideEffects: false,
    engines: { node: '>=22.12' },
    files: ['dist', '!dist/**/*.test.*'],
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    scripts: {
      build: 'tsc',
      test: 'tsc && node --test "dist/**/*.test.js"',
      start: 'tsc && vwmp run workflows/welcome.yaml --param after=1s --approve ask',
      prepack: 'npm test',
    },
    peerDependencies: { '@vwmp/core': range },
    devDependencies: {
      '@types/node': '^24.0.0',
      '@vwmp/cli': range,
      '@vwmp/core': range,
      typescript: '^5.9.0 || ^7.0.0',
    },
  };
}
