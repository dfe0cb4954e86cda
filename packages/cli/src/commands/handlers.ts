import type { JsonSchema } from '@vwmp/core';
import { type Command, exitCodes, type Invocation } from '../cli/command.ts';
import { didYouMean } from '../cli/nearest.ts';
import { UsageError } from '../cli/usage-error.ts';
import { explainHandler } from '../handlers/explain.ts';
import { openProject, type Project } from '../project/project.ts';
import { safe } from '../terminal/safe.ts';
import { pad, truncate, width } from '../terminal/width.ts';

type Registered = NonNullable<ReturnType<Project['engine']['plugins']['handler']>>;

/** `vwmp handlers [PATH]`. The name of a plugin stands for its handlers. */
export const command: Command = async (invocation) => {
  const { out } = invocation.terminal;
  const { plugins } = await openWithPlugins('.');
  const every = [...plugins.handlers()].map((path) => plugins.handler(path)!);
  const [path] = invocation.operands;
  const ofPlugin = every.filter(({ plugin }) => plugin === path);
  const all = ofPlugin.length > 0 ? ofPlugin : every;
  if (path !== undefined && ofPlugin.length === 0) {
    const handler = plugins.handler(path);
    if (!handler)
      throw new UsageError(
        `There is no handler "${path}".${didYouMean(path, plugins.handlers()) || ' vwmp handlers lists all.'}`,
        'handlers',
      );
    if (invocation.flag('json'))
      out.line(
        JSON.stringify(
          { ...describe(handler), config: handler.config, output: handler.handler.output },
          null,
          2,
        ),
      );
    else explainHandler(handler, invocation.terminal);
  } else if (invocation.flag('json'))
    out.line(
      JSON.stringify(
        all.map((each) => ({ ...describe(each), config: each.config as JsonSchema })),
        null,
        2,
      ),
    );
  else if (invocation.flag('paths')) for (const each of all) out.line(each.path);
  else list(all, invocation);
  return exitCodes.success;
};

/** All plugins that hold in a folder. */
export async function openWithPlugins(folder: string): Promise<Pick<Project['engine'], 'plugins'>> {
  const project = await openProject(folder);
  await project.addDefaultPlugins();
  return project.engine;
}

function describe({ path, plugin, handler }: Registered): object {
  const { title = path, description, category = plugin, icon, ports } = handler;
  return {
    path,
    plugin,
    title,
    description,
    category,
    icon,
    ports: typeof ports === 'function' ? 'depends on config' : (ports ?? []),
  };
}

function list(all: readonly Registered[], { terminal: { out, symbols } }: Invocation): void {
  const { style } = out;
  const groups = new Map<string, Registered[]>();
  for (const each of all) {
    const category = each.handler.category ?? each.plugin;
    groups.set(category, [...(groups.get(category) ?? []), each]);
  }
  const pathWidth = Math.max(...all.map(({ path }) => width(path)));
  for (const [category, handlers] of groups) {
    out.line(style.bold(safe(category)));
    for (const { path, handler } of handlers) {
      const line = `  ${style.cyan(pad(path, pathWidth))}  ${style.dim(safe(handler.description))}`;
      out.line(out.isTTY ? truncate(line, out.columns) : line);
    }
    out.line();
  }
  out.line(style.dim(`${symbols.arrow} vwmp handlers PATH explains one`));
}
