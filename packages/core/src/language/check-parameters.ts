import type { JsonValue } from '../model/json.ts';
import type { Parameter } from '../model/workflow.ts';
import { schemaOfParameter } from './parameter-schema.ts';
import { parameterTypes } from './parameter-shape.ts';
import { isRecord, type Path } from './path.ts';
import type { Report } from './report.ts';
import { createReport } from './report.ts';
import { findMismatches } from './schema-check.ts';
import { checkSchema } from './schema-valid.ts';

/** Reports what is wrong with declarations of parameters beyond their form. */
export function checkDeclarations(parameters: readonly JsonValue[], report: Report): void {
  const seen = new Map<string, number>();
  parameters.forEach((parameter, index) => {
    if (!isRecord(parameter)) return;
    const path: Path = ['parameters', index];
    const { name, type } = parameter;
    if (name === '__proto__') {
      const message =
        'A parameter cannot be called "__proto__", since it could reach the prototype of objects. Choose another name.';
      report.add('UNSAFE_KEY', [...path, 'name'], message);
    }
    if (typeof name === 'string') {
      const first = seen.get(name);
      if (first !== undefined) {
        const message = `There are two parameters "${name}": the entries ${first} and ${index} of "parameters". Rename one of them.`;
        report.add('DUPLICATE_PARAMETER', path, message);
      } else seen.set(name, index);
    }
    if (type === 'enum' && parameter.options === undefined) {
      report.add(
        'REQUIRED',
        [...path, 'options'],
        `The parameter "${String(name)}" is an enum and needs "options": its allowed values.`,
      );
    }
    if (typeof type === 'string' && parameterTypes.includes(type)) checkDefault(parameter, path, report);
  });
}

function checkDefault(parameter: Record<string, JsonValue>, path: Path, report: Report): void {
  if (parameter.default === undefined) return;
  const { validation, options } = parameter;
  if (options !== undefined && !Array.isArray(options)) return;
  if (validation !== undefined) {
    // A schema that is wrong has been reported; nothing can be checked against it.
    if (!isRecord(validation)) return;
    const trial = createReport(null, undefined, [], 1);
    checkSchema(validation, [], trial);
    if (trial.problems().length > 0) return;
  }
  const noun = `The default of the parameter "${String(parameter.name)}"`;
  const schema = schemaOfParameter(parameter as unknown as Parameter);
  const show = parameter.type !== 'secret';
  for (const { path: inner, message, suggestion } of findMismatches(schema, parameter.default, {
    noun,
    show,
    suggester: report,
  })) {
    report.add('PARAMETER_INVALID', [...path, 'default', ...inner], message, { suggestion });
  }
}
