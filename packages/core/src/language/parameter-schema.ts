import type { JsonSchema, JsonValue } from '../model/json.ts';
import type { Parameter, ParameterType } from '../model/workflow.ts';
import { isLabelledOption } from './parameter-shape.ts';

const types: Readonly<Record<ParameterType, string | undefined>> = {
  string: 'string',
  text: 'string',
  secret: 'string',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  array: 'array',
  object: 'object',
  // The options say it all.
  enum: undefined,
};

/** True when an execution cannot start without it. */
export function isRequired(parameter: Parameter): boolean {
  return parameter.required ?? parameter.default === undefined;
}

/** The allowed values of a parameter, without their labels; undefined when there is no choice. */
export function optionValues(parameter: Parameter): JsonValue[] | undefined {
  return parameter.options?.map((option) =>
    isLabelledOption(option) ? (option as { value: JsonValue }).value : (option as JsonValue),
  );
}

const schemas = new WeakMap<Parameter, JsonSchema>();

/** The JSON Schema (2020-12) of one parameter; the same object for the same declaration. */
export function schemaOfParameter(parameter: Parameter): JsonSchema {
  const known = schemas.get(parameter);
  if (known) return known;
  const schema = build(parameter);
  schemas.set(parameter, schema);
  return schema;
}

function build(parameter: Parameter): JsonSchema {
  const { label, description, validation } = parameter;
  const schema: Record<string, unknown> = {};
  const type = types[parameter.type];
  if (type !== undefined) schema.type = type;
  const options = optionValues(parameter);
  // For a list, the options are what its entries may be.
  if (options && parameter.type === 'array') schema.items = { enum: options };
  else if (options) schema.enum = options;
  if (label !== undefined) schema.title = label;
  if (description !== undefined) schema.description = description;
  if (parameter.type === 'secret') schema.writeOnly = true;
  else if (parameter.default !== undefined) schema.default = parameter.default;
  if (!validation) return schema;
  // Both have to hold: a keyword of the validation does not replace what the type says.
  const clash = Object.keys(validation).some(
    (key) => key in schema || key.startsWith('$') || key.startsWith('unevaluated'),
  );
  return clash ? { ...schema, allOf: [validation] } : { ...schema, ...validation };
}

/** The JSON Schema (2020-12) of what an execution is given, for forms and clients. */
export function parameterSchema(parameters: readonly Parameter[]): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: parameters.filter(isRequired).map(({ name }) => name),
    properties: Object.fromEntries(
      parameters.map((parameter) => [parameter.name, schemaOfParameter(parameter)]),
    ),
  };
}
