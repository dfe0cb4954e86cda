import type { JsonObject, JsonValue, Workflow } from '@vwmp/core';
import { checkParameters } from '@vwmp/core/language';
import { exitCodes } from '../cli/command.ts';
import { ProblemsError } from '../cli/problems-error.ts';
import { badgesOf } from '../graph/badges.ts';
import { type GraphNode, toGraph } from '../graph/model.ts';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { pad, truncate, width } from '../terminal/width.ts';

/** `vwmp run --dry-run`: what would be done, in which order, with what. @throws ProblemsError PARAMETERS_INVALID */
export function showPlan(
  workflow: Workflow,
  given: JsonObject,
  { terminal, json, file, text }: { terminal: Terminal; json: boolean; file: string; text: string },
): number {
  const { document } = workflow;
  const { values, problems } = checkParameters(document.parameters, given);
  if (problems.length > 0) {
    const message = `The parameters of workflow "${workflow.id}" are not valid.`;
    throw new ProblemsError('PARAMETERS_INVALID', message, problems, file, text);
  }
  const secrets = new Set(
    (document.parameters ?? []).filter(({ type }) => type === 'secret').map(({ name }) => name),
  );
  const parameters = Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, JsonValue] => [
      name,
      secrets.has(name) ? '***' : value,
    ]),
  );
  const graph = toGraph(document);
  const levels = Array.from({ length: graph.levels }, (_, at) =>
    [...graph.nodes.values()].filter(({ level }) => level === at + 1),
  );
  if (json) {
    const plan = levels.map((nodes) =>
      nodes.map(({ step }) => ({
        id: step.id,
        handler: step.handler,
        dependencies: step.dependencies ?? [],
        conditions: conditionsOf(step),
        badges: badgesOf(step).map(({ detail }) => detail),
      })),
    );
    terminal.out.line(
      JSON.stringify(
        { workflow_id: workflow.id, workflow_version: workflow.version, parameters, levels: plan },
        null,
        2,
      ),
    );
    return exitCodes.success;
  }
  printPlan(workflow, parameters, levels, terminal);
  return exitCodes.success;
}

function conditionsOf({ when, enabled }: GraphNode['step']): string[] {
  return [
    ...(enabled === false ? ['disabled'] : []),
    ...(when === undefined || when === true ? [] : [String(when)]),
  ];
}

function printPlan(
  workflow: Workflow,
  parameters: JsonObject,
  levels: readonly GraphNode[][],
  { out, symbols }: Terminal,
): void {
  const { style } = out;
  const steps = levels.flat();
  out.line(`${style.bold(safe(workflow.name))} ${style.dim(`${workflow.id} ${workflow.version}`)}`);
  const entries = Object.entries(parameters);
  if (entries.length > 0) {
    const widest = Math.max(...entries.map(([name]) => width(name)));
    out.line(`\n${style.bold('Parameters')}`);
    for (const [name, value] of entries) {
      const shown = truncate(safe(typeof value === 'string' ? value : JSON.stringify(value)), 200);
      out.line(`  ${pad(name, widest)}  ${style.cyan(shown)}`);
    }
  }
  out.line(`\n${style.bold('Plan')} ${style.dim('steps of one level can run at the same time')}`);
  const idWidth = Math.max(...steps.map(({ step }) => width(step.id)));
  const handlerWidth = Math.max(...steps.map(({ step }) => width(step.handler)));
  levels.forEach((nodes, at) => {
    nodes.forEach(({ step, edges }, index) => {
      const level = index === 0 ? String(at + 1) : '';
      const after = edges.map(({ from, port }) => (port === undefined ? from : `${from}:${port}`)).join(', ');
      const parts = [
        ...(after === '' ? [] : [`after ${after}`]),
        ...badgesOf(step).map(({ detail }) => safe(detail)),
      ];
      const line = `  ${style.dim(level.padStart(String(levels.length).length))}  ${pad(step.id, idWidth)}  ${style.cyan(pad(step.handler, handlerWidth))}  ${style.dim(parts.join(` ${symbols.dot} `))}`;
      out.line(line.trimEnd());
    });
  });
  out.line(`\n${style.green(symbols.success)} Valid; nothing was run.`);
}
