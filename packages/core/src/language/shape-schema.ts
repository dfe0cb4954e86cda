import type { Shape } from './shape.ts';

type Schema = Record<string, unknown>;

/** The JSON Schema (2020-12) of a shape, for editors. What accepts less than the shape is a mistake. */
export function shapeSchema(shape: Shape): Schema {
  const schema: Schema = { description: shape.description };
  if (shape.default !== undefined) schema.default = shape.default;
  if (shape.examples) schema.examples = shape.examples;
  return { ...schema, ...keywords(shape) };
}

function keywords(shape: Shape): Schema {
  switch (shape.type) {
    case 'anything':
      return {};
    case 'mapping':
    case 'schema':
      return { type: 'object' };
    case 'boolean':
      return { type: 'boolean' };
    case 'duration':
      return { $ref: '#/$defs/duration' };
    case 'word':
      return { type: 'string', enum: shape.words };
    case 'number':
      return { type: shape.integer ? 'integer' : 'number', minimum: shape.minimum };
    case 'text': {
      const pattern = shape.pattern ? { pattern: `^(?:${shape.pattern})$` } : {};
      return { type: 'string', ...(shape.filled ? { minLength: 1 } : {}), ...pattern };
    }
    case 'list': {
      const minimum = shape.minimum ? { minItems: shape.minimum } : {};
      return { type: 'array', ...minimum, items: shapeSchema(shape.items) };
    }
    case 'choice':
      return { anyOf: shape.of.map(shapeSchema) };
    case 'object':
      return {
        type: 'object',
        additionalProperties: false,
        ...(shape.required ? { required: shape.required } : {}),
        properties: Object.fromEntries(
          Object.entries(shape.keys).map(([key, inner]) => [key, shapeSchema(inner)]),
        ),
      };
  }
}
