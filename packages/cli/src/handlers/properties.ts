/** One key of a config as a person reads it. */
export interface Property {
  /** With those around it: `retry.attempts`, `cases[].port`. */
  name: string;
  type: string;
  required: boolean;
  description: string;
  /** Default, limits, pattern. */
  facts: string[];
}

type Schema = Readonly<Record<string, unknown>>;

const deepest = 4;

/** The keys that a JSON Schema of an object allows, those of inner objects after their own. */
export function propertiesOf(schema: unknown, prefix = '', depth = 0): Property[] {
  if (!isSchema(schema) || depth > deepest) return [];
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  return properties.flatMap(([key, each]) => {
    const name = prefix + key;
    const own: Property = {
      name,
      type: describeSchema(each),
      required: required.has(key) && !hasDefault(each),
      description: isSchema(each) && typeof each.description === 'string' ? each.description : '',
      facts: isSchema(each) ? factsOf(each) : [],
    };
    const items = isSchema(each) ? each.items : undefined;
    return [
      own,
      ...propertiesOf(each, `${name}.`, depth + 1),
      ...propertiesOf(items, `${name}[].`, depth + 1),
    ];
  });
}

/** The type in a few words: `string`, `"a" | "b"`, `list of string`. */
export function describeSchema(schema: unknown): string {
  if (!isSchema(schema)) return 'any';
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return [...new Set(choices.map(describeSchema))].join(' | ');
  if (schema.type === 'array') {
    const items = describeSchema(schema.items);
    return items === 'any' ? 'list' : `list of ${items}`;
  }
  if (Array.isArray(schema.type)) return schema.type.join(' | ');
  const values = schema.type === 'object' ? describeSchema(valuesOf(schema)) : 'any';
  if (values !== 'any') return `map of ${values}`;
  return typeof schema.type === 'string' ? schema.type : 'any';
}

/** What is missing is filled in with it. */
export function hasDefault(schema: unknown): boolean {
  return isSchema(schema) && schema.default !== undefined;
}

/** The schema of the values of a map, whose keys nobody knows before. */
function valuesOf({ properties, patternProperties, additionalProperties }: Schema): unknown {
  if (properties !== undefined) return undefined;
  const [values, ...others] = isSchema(patternProperties) ? Object.values(patternProperties) : [];
  return others.length > 0 ? undefined : (values ?? additionalProperties);
}

function factsOf(schema: Schema): string[] {
  const facts: string[] = [];
  const { minimum, maximum, minLength, maxLength, pattern, format } = schema;
  if (minimum !== undefined && maximum !== undefined) facts.push(`From ${minimum} to ${maximum}.`);
  else if (minimum !== undefined) facts.push(`At least ${minimum}.`);
  else if (maximum !== undefined) facts.push(`At most ${maximum}.`);
  if (schema.exclusiveMinimum !== undefined) facts.push(`More than ${schema.exclusiveMinimum}.`);
  if (schema.exclusiveMaximum !== undefined) facts.push(`Less than ${schema.exclusiveMaximum}.`);
  if (schema.multipleOf !== undefined) facts.push(`A multiple of ${schema.multipleOf}.`);
  if (schema.minItems !== undefined) facts.push(`At least ${schema.minItems} in it.`);
  if (schema.maxItems !== undefined) facts.push(`At most ${schema.maxItems} in it.`);
  if (schema.uniqueItems === true) facts.push('None twice.');
  if (maxLength !== undefined) facts.push(`At most ${maxLength} characters.`);
  else if (typeof minLength === 'number' && minLength > 1) facts.push(`At least ${minLength} characters.`);
  if (typeof pattern === 'string') facts.push(`Matches ${pattern}.`);
  if (typeof format === 'string') facts.push(`Format ${format}.`);
  if (schema.default !== undefined) facts.push(`Default: ${JSON.stringify(schema.default)}.`);
  return facts;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
