import { exampleStep } from '../../packages/cli/src/handlers/example.ts';
import { describeSchema, propertiesOf } from '../../packages/cli/src/handlers/properties.ts';
import { WorkflowEngine } from '../../packages/core/src/index.ts';
import { docHealing } from '../../packages/plugin-doc-healing/src/index.ts';
import { createWasm } from '../../packages/plugin-wasm/src/index.ts';
import { plugins } from '../../packages/plugins/src/index.ts';
import { cell, table } from './markdown.ts';

const introduction = `# Handlers

What steps can do: every handler of the core and of the plugins of this repository, from its schema. \`vwmp handlers PATH\` prints the same for
those of a project, also for your own. Every handler has the port \`error\` besides those named here. A \`*\` marks what is required.`;

const sources: Readonly<Record<string, string>> = {
  core: 'Always there.',
  doc_healing: 'Of [`@vwmp/plugin-doc-healing`](../../packages/plugin-doc-healing).',
  wasm: 'Of [`@vwmp/plugin-wasm`](../../packages/plugin-wasm).',
};

/** The text of docs/reference/handlers.md. */
export function handlersPage(): string {
  const wasm = createWasm();
  const engine = new WorkflowEngine({ plugins: [...plugins, wasm.plugin, docHealing] });
  const groups = Map.groupBy(engine.plugins.handlers(), (path) => path.split('.')[0]!);
  const parts = [...groups].flatMap(([plugin, paths]) => [
    `## ${plugin}`,
    sources[plugin] ?? `Of [\`@vwmp/plugins\`](../../packages/plugins/README.md).`,
    ...paths.flatMap((path) => describe(engine, path)),
  ]);
  return `${[introduction, ...parts].join('\n\n')}\n`;
}

function describe(engine: WorkflowEngine, path: string): string[] {
  const { handler, config } = engine.plugins.handler(path)!;
  const properties = propertiesOf(config).map(({ name, type, required, description, facts }) => [
    `\`${name}\`${required ? '\\*' : ''}`,
    cell(type),
    cell([description, ...facts.map(inCode)].filter(Boolean).join(' ')),
  ]);
  const { ports } = handler;
  const named =
    typeof ports === 'function'
      ? 'those that its config names'
      : (ports ?? []).map((each) => `\`${each}\``).join(', ');
  return [
    `### ${path}`,
    prose(handler.description),
    ...(properties.length > 0 ? [table(['config', 'type', ''], properties)] : []),
    ...(named === '' ? [] : [`Ports: ${named}.`]),
    ...(handler.output ? [outputOf(handler.output)] : []),
    `\`\`\`yaml\n${exampleStep(path, config).trimEnd()}\n\`\`\``,
  ];
}

function outputOf(schema: unknown): string {
  const parts = propertiesOf(schema).map(({ name, type, description }) => [
    `\`${name}\``,
    cell(type),
    cell(description),
  ]);
  return parts.length > 0 ? table(['output', 'type', ''], parts) : `Output: ${describeSchema(schema)}.`;
}

function prose(text: string): string {
  return text.replace(/[<*]/g, '\\$&');
}

/** Patterns have characters that Markdown reads. */
function inCode(fact: string): string {
  return fact.replace(/^(Matches|Default:) (.*)\.$/s, '$1 `$2`.');
}
