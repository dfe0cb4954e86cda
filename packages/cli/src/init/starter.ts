/** The files of a new project, by path. @param version - of this package; the project asks for the same */
export function starterFiles(name: string, version: string): Record<string, string> {
  return {
    'workflows/hello.yaml': workflow,
    'vwmp.config.ts': config,
    'package.json': `${JSON.stringify(packageJson(name, version), null, 2)}\n`,
    'README.md': readme(name),
    '.gitignore': 'node_modules/\n.vwmp/\n.env\n',
  };
}

const workflow = `# A workflow is a list of steps. Run it: vwmp run workflows/hello.yaml
id: hello
name: Hello

# What a run may be given: vwmp run workflows/hello.yaml --param name=Ana
parameters:
  - { name: name, type: string, default: World, description: Who is greeted }
  - { name: languages, type: array, default: [en, de, fr] }

# What a run gives back. \${…} holds an expression.
output:
  greetings: "\${steps.greet.output}"

steps:
  # foreach runs a step once for each item of a list, here three at a time.
  - id: greet
    handler: greetings.greet # from the plugin in vwmp.config.ts
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

const config = `import { defineConfig, defineHandler, definePlugin } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';

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

const greetings = definePlugin({ name: 'greetings', handlers: { greet } });

export default defineConfig({ plugins: [greetings] });
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

| | |
| --- | --- |
| \`vwmp run workflows/hello.yaml\` | runs the workflow |
| \`vwmp run workflows/hello.yaml --param name=Ana\` | gives it a parameter |
| \`vwmp run workflows/hello.yaml --watch\` | runs it again whenever it changes |
| \`vwmp validate workflows\` | checks all workflows |
| \`vwmp graph workflows/hello.yaml\` | draws it |
| \`vwmp handlers\` | lists what steps can do |

\`workflows/\` holds the workflows, \`vwmp.config.ts\` the plugins: own ones, and packages by their names.
`;
}
