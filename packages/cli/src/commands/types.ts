import type { WorkflowType } from '@vwmp/core';
import { type Command, exitCodes, type Invocation } from '../cli/command.ts';
import { didYouMean } from '../cli/nearest.ts';
import { UsageError } from '../cli/usage-error.ts';
import { toYaml } from '../documents/to-yaml.ts';
import { safe } from '../terminal/safe.ts';
import { pad, width } from '../terminal/width.ts';
import { openWithPlugins } from './handlers.ts';

/** `vwmp types [NAME] [--template TEMPLATE]`. */
export const command: Command = async (invocation) => {
  const { out } = invocation.terminal;
  const { plugins } = await openWithPlugins('.');
  const all = [...plugins.types()].map((name) => plugins.workflowType(name)!);
  const [name] = invocation.operands;
  const template = invocation.text('template');
  const type = name === undefined ? undefined : find(all, name);
  if (template !== undefined) {
    if (!type) throw new UsageError('Say of which type: vwmp types NAME --template TEMPLATE.', 'types');
    const { document } = findTemplate(type, template);
    out.write(invocation.flag('json') ? `${JSON.stringify(document, null, 2)}\n` : toYaml(document));
  } else if (invocation.flag('json')) out.line(JSON.stringify(type ?? all, null, 2));
  else if (invocation.flag('names')) for (const each of all) out.line(each.name);
  else list(type ? [type] : all, invocation);
  return exitCodes.success;
};

function find(all: readonly WorkflowType[], name: string): WorkflowType {
  const type = all.find((each) => each.name === name);
  if (type) return type;
  const names = all.map((each) => each.name);
  throw new UsageError(
    `There is no workflow type "${name}".${didYouMean(name, names) || ` There are ${names.join(', ')}.`}`,
    'types',
  );
}

function findTemplate(type: WorkflowType, name: string): NonNullable<WorkflowType['templates']>[number] {
  const template = type.templates?.find((each) => each.name === name);
  if (template) return template;
  const names = (type.templates ?? []).map((each) => each.name);
  const there = names.length === 0 ? ' It has none.' : ` It has ${names.join(', ')}.`;
  throw new UsageError(
    `The type "${type.name}" has no template "${name}".${didYouMean(name, names) || there}`,
    'types',
  );
}

function list(types: readonly WorkflowType[], { terminal: { out } }: Invocation): void {
  const { style } = out;
  const names = types.flatMap(({ name, templates = [] }) => [
    name,
    ...templates.map((each) => `  ${each.name}`),
  ]);
  const widest = Math.max(...names.map(width));
  for (const { name, description, templates = [] } of types) {
    out.line(`${style.bold(style.cyan(pad(name, widest)))}  ${safe(description)}`);
    for (const template of templates) {
      out.line(`${style.cyan(pad(`  ${template.name}`, widest))}  ${style.dim(safe(template.description))}`);
    }
  }
  const example = types.find(({ templates = [] }) => templates.length > 0);
  if (example)
    out.line(
      `\n${style.dim(`vwmp types ${example.name} --template ${example.templates![0]!.name} > my-workflow.yaml`)}`,
    );
}
