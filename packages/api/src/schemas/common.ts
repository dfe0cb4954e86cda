import type { ErrorInfo, JsonObject, JsonValue, Note, Problem } from '@vwmp/core';
import { type OptionalSchema, type Schema, Type } from '@vwmp/core/schema';
import type { ErrorAnswer, List } from '../contract/index.ts';

export const timestamp: Schema<string> = Type.String({
  format: 'date-time',
  description: 'ISO 8601 in UTC.',
});

/**
 * Stores compare times as text. A leap second, which no clock of a computer knows, counts as the end of the second before.
 *
 * @param time - a {@link timestamp}, with any offset
 */
export function toUtc(time: string): string {
  return new Date(time.replace(/:60(\.\d+)?(?=[z+-])/i, ':59.999')).toISOString();
}

export const anyJson: Schema<JsonValue> = Type.Unsafe<JsonValue>({ description: 'Any JSON value.' });

export const jsonObject: Schema<JsonObject> = Type.Unsafe<JsonObject>({ type: 'object' });

/** A schema that the OpenAPI document has once, under this name. */
export function named<T>(name: string, schema: Schema<T>): Schema<T> {
  return { ...schema, title: name };
}

export const problem: Schema<Problem> = named(
  'Problem',
  Type.Object({
    code: Type.Unsafe<Problem['code']>({ type: 'string', examples: ['UNKNOWN_STEP'] }),
    path: Type.String({ examples: ['steps.load.config.url'] }),
    line: Type.Optional(Type.Integer({ minimum: 1 })),
    column: Type.Optional(Type.Integer({ minimum: 1 })),
    message: Type.String(),
    suggestion: Type.Optional(Type.String({ description: 'The nearest thing that would have been right.' })),
  }),
);

export const note: Schema<Note> = named(
  'Note',
  Type.Object({
    code: Type.Literal('NORMALISED'),
    path: Type.String(),
    line: Type.Optional(Type.Integer()),
    column: Type.Optional(Type.Integer()),
    message: Type.String(),
  }),
);

/** What a step or execution failed with. */
export const errorInfo: Schema<ErrorInfo> = named(
  'ErrorInfo',
  Type.Unsafe<ErrorInfo>({
    type: 'object',
    required: ['code', 'message'],
    properties: {
      code: { type: 'string' },
      message: { type: 'string' },
      retryable: { type: 'boolean' },
      details: {},
      cause: { $ref: '#/components/schemas/ErrorInfo' },
    },
    additionalProperties: false,
  }),
);

export const errorAnswer: Schema<ErrorAnswer> = named(
  'Error',
  Type.Object({
    error: Type.Object({
      code: Type.String({ pattern: '^[A-Z][A-Z0-9_]*$', description: 'Stable; messages are not.' }),
      message: Type.String({ description: 'What happened, to what, why, and what to do.' }),
      details: Type.Optional(Type.Unknown({ description: 'Every problem of what was sent.' })),
      request_id: Type.String({ description: 'The same as in `X-Request-Id` and in the log.' }),
    }),
  }),
);

/** One page of something. */
export function listOf<T>(name: string, items: Schema<T>): Schema<List<T>> {
  return named(
    name,
    Type.Object({
      results: Type.Array(items),
      next_cursor: Type.Optional(
        Type.String({ description: 'Give it back as `cursor` to get the next page; missing on the last.' }),
      ),
      count: Type.Integer({ minimum: 0, description: 'All that match, on every page.' }),
    }) as unknown as Schema<List<T>>,
  );
}

/** The query of every list. */
export const pageQuery: { limit: OptionalSchema<number>; cursor: OptionalSchema<string> } = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 500, default: 50, description: 'How many, at most.' }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 2000, description: 'The `next_cursor` of the page before.' }),
  ),
};

/** A text to look for. */
export const search: OptionalSchema<string> = Type.Optional(Type.String({ maxLength: 500 }));
