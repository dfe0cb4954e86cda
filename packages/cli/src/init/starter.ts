/** The files of a new project, by path. @param version - of this package; the project asks for the same */
export function starterFiles(name: string, version: string): Record<string, string> {
  return {
    'workflows/hello.yaml': workflow,
    'plugins/greetings.mjs': plugin,
    'vwmp.config.mjs': config,
    'package.json': `${JSON.stringify(packageJson(name, version), null, 2)}\n`,
    'README.md': readme(name),
    '.gitignore': 'node_modules/\n# What vwmp worker keeps, and settings with passwords.\n.vwmp/\n.env\n',
  };
}

const workflow = `# A workflow is a list of steps. Run it: npx vwmp run workflows/hello.yaml
id: hello
name: Hello

# What a run may be given: npx vwmp run workflows/hello.yaml --param name=Ana
parameters:
  - { name: name, type: string, default: World, description: Who is greeted }
  - { name: languages, type: array, default: [en, de, fr] }

# What a run gives back. \${…} holds an expression.
output:
  greetings: "\${steps.greet.output}"

steps:
  # foreach runs a step once for each item of a list, here three at a time.
  - id: greet
    handler: greetings.greet # from plugins/greetings.mjs
    foreach: "\${parameters.languages}"
    concurrency: 3
    config:
      name: "\${parameters.name}"
      language: "\${item}"

  # A step waits for those that it depends on.
  - id: tell
    handler: core.log
    dependencies: [greet]
    config:
      message: "\${steps.greet.output.join(' ')}"

  # It is skipped when its condition is false.
  - id: remark
    handler: core.log
    dependencies: [tell]
    when: "\${parameters.name == 'World'}"
    config:
      message: "Greet someone else with --param name=Ana"
`;

const plugin = `import { defineHandler, definePlugin } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';

/** @type {Record<string, string>} */
const words = { en: 'Hello', de: 'Hallo', fr: 'Bonjour', es: 'Hola' };

/** A step that uses it says "handler: greetings.greet". */
const greet = defineHandler({
  title: 'Greet',
  description: 'Greets someone in a language.',
  config: Type.Object({
    name: Type.String({ minLength: 1, description: 'Who is greeted.' }),
    language: Type.Optional(Type.Enum(['en', 'de', 'fr', 'es'], { default: 'en' })),
  }),
  execute: ({ config }) => \`\${words[config.language ?? 'en']}, \${config.name}!\`,
});

export const greetings = definePlugin({ name: 'greetings', handlers: { greet } });
`;

const config = `import { greetings } from './plugins/greetings.mjs';

/** @type {import('@vwmp/core').Config} */
export default {
  // Own plugins, and packages by their names.
  plugins: [greetings],
  // What expressions may read as env.NAME.
  env: [],
};
`;

function packageJson(name: string, version: string): object {
  return {
    name,
    private: true,
    type: 'module',
    scripts: { hello: 'vwmp run workflows/hello.yaml', validate: 'vwmp validate workflows' },
    devDependencies: { '@vwmp/cli': `^${version}`, '@vwmp/core': `^${version}` },
  };
}

function readme(name: string): string {
  return `# ${name}

Workflows for [VWMP](https://github.com/vwmp/vwmp).

\`\`\`sh
npm install
npx vwmp run workflows/hello.yaml
\`\`\`

| | |
| --- | --- |
| \`npx vwmp run workflows/hello.yaml\` | runs the workflow |
| \`npx vwmp run workflows/hello.yaml --param name=Ana\` | gives it a parameter |
| \`npx vwmp run workflows/hello.yaml --watch\` | runs it again whenever it changes |
| \`npx vwmp validate workflows\` | checks all workflows |
| \`npx vwmp graph workflows/hello.yaml\` | draws it |
| \`npx vwmp handlers\` | lists what steps can do |
| \`npx vwmp worker\` | works on executions that must survive; \`npx vwmp start FILE\` accepts one |
| \`npx vwmp doctor\` | says what is set up, and what is odd |

\`workflows/\` holds the workflows, \`plugins/\` what steps can do besides, and \`vwmp.config.mjs\` says which plugins there
are: own ones, and packages by their names. All of it is plain JavaScript and runs on every Node from 22.14 on.
`;
}
