import type { JsonSchema, JsonValue } from '../model/json.ts';
import type { Catalog } from './catalog.ts';
import { fillDefaults } from './defaults.ts';
import { didYouMean } from './nearest.ts';
import { isRecord, type Path } from './path.ts';
import type { Report } from './report.ts';
import { findMismatches } from './schema-check.ts';
import { checkSchema } from './schema-valid.ts';
import { findTemplates, pointerTo, type TemplateKinds } from './templates.ts';

/** Reports handlers that no plugin registered, and config that does not match theirs. */
export function checkHandlers(
  steps: readonly unknown[],
  catalog: Catalog,
  written: boolean,
  report: Report,
): void {
  steps.forEach((step, index) => {
    if (!isRecord(step)) return;
    checkCall(step, ['steps', index], index, catalog, report);
    if (!isRecord(step.compensate)) return;
    const path: Path = ['steps', index, 'compensate'];
    checkCall(step.compensate, path, index, catalog, report);
    if (written) checkWaiting(step.compensate, path, index, report);
  });
}

/** Those of the language that park the step. What other handlers do is known only when they do it. */
const waiting: ReadonlySet<unknown> = new Set(['core.sleep', 'core.wait', 'core.approval', 'core.workflow']);

/** Nothing is left that could wait while an execution is undone. */
function checkWaiting(call: Record<string, JsonValue>, path: Path, index: number, report: Report): void {
  const { handler, config } = call;
  if (!waiting.has(handler)) return;
  const wait = isRecord(config) ? config.wait : undefined;
  const isWorkflow = handler === 'core.workflow';
  if (isWorkflow && wait !== undefined && wait !== true) return;
  const remedy = isWorkflow ? 'Give it `wait: false`.' : 'Choose another handler.';
  const message = `The compensation of ${report.step(index).replace('Step', 'step')} cannot wait, as "${handler}" does. ${remedy}`;
  report.add('VALUE', [...path, 'handler'], message);
}

function checkCall(
  call: Record<string, JsonValue>,
  path: Path,
  index: number,
  catalog: Catalog,
  report: Report,
): void {
  const { handler: name, config = {} } = call;
  if (typeof name !== 'string' || name.trim() === '') return;
  const handler = catalog.handler(name);
  if (!handler) {
    const suggestion = report.nearest(name, catalog.handlers());
    const prefix = name.slice(0, name.indexOf('.') + 1);
    const siblings = prefix === '' ? [] : [...catalog.handlers()].filter((path) => path.startsWith(prefix));
    const instead =
      siblings.length > 0
        ? ` The plugin "${prefix.slice(0, -1)}" has ${siblings.map((path) => `"${path}"`).join(', ')}.`
        : ' Install the plugin that brings it, or choose another.';
    const hint = didYouMean(suggestion) || instead;
    const message = `${report.step(index)} uses the handler "${name}", which no plugin registered.${hint}`;
    report.add('UNKNOWN_HANDLER', [...path, 'handler'], message, { suggestion });
    return;
  }
  if (!isRecord(config)) return;
  const noun = `The config of ${report.step(index).replace('Step', 'step')}`;
  const templates = findTemplates(config);
  // The engine fills them in as well.
  const filled = fillDefaults(handler.config, config);
  for (const mismatch of findMismatches(handler.config, filled, {
    noun,
    show: true,
    templates,
    suggester: report,
  })) {
    const { message, suggestion, key } = mismatch;
    report.add('CONFIG_INVALID', [...path, 'config', ...mismatch.path], message, { suggestion, key });
  }
  checkSchemas(handler.config, config, [...path, 'config'], templates, report);
}

/** What is given as a schema is one: found out when somebody has filled in its form, it would be too late. */
function checkSchemas(
  schema: JsonSchema,
  config: Record<string, JsonValue>,
  path: Path,
  templates: TemplateKinds | undefined,
  report: Report,
): void {
  const properties = isRecord(schema) && isRecord(schema.properties) ? schema.properties : {};
  for (const [key, property] of Object.entries(properties)) {
    if (!isRecord(property) || property.format !== 'json-schema' || !isRecord(config[key])) continue;
    if (!templates?.below(pointerTo(key))) checkSchema(config[key], [...path, key], report);
  }
}
