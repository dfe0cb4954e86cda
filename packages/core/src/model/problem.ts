/**
 * The codes of problems in a document or its parameters, with their meaning.
 * Codes are stable within a major version.
 */
export const problemCodes = {
  SYNTAX: 'Not valid YAML or JSON.',
  DUPLICATE_KEY: 'A mapping has the same key twice.',
  UNSAFE_KEY: 'A key that could reach an object prototype.',
  LIMIT: 'Too large, too deep, or expands too far.',
  UNKNOWN_KEY: 'A key that the language does not have.',
  REQUIRED: 'Something required is missing or empty.',
  TYPE: 'A value of the wrong type.',
  VALUE: 'A value outside of what is allowed.',
  DURATION: 'Not a duration.',
  DUPLICATE_STEP_ID: 'Two steps have the same id.',
  DUPLICATE_PARAMETER: 'Two parameters have the same name.',
  UNKNOWN_DEPENDENCY: 'A dependency on a step that does not exist.',
  UNKNOWN_PORT: 'A dependency on a port that the handler does not have.',
  DEPENDENCY_CYCLE: 'Steps depend on each other in a circle.',
  UNKNOWN_HANDLER: 'No plugin registered this handler.',
  UNKNOWN_TYPE: 'No plugin registered this workflow type.',
  CONFIG_INVALID: 'Config that does not match the schema of its handler.',
  LOOP_CONFLICT: 'A step has both foreach and repeat.',
  EXPRESSION_SYNTAX: 'An expression that does not parse.',
  EXPRESSION_TYPE: 'An expression that can never work.',
  UNKNOWN_NAME: 'A name that is not in scope.',
  UNKNOWN_STEP: 'An expression reads a step that does not exist.',
  NOT_UPSTREAM: 'An expression reads a step that is not upstream of the reader.',
  SCHEMA_INVALID: 'A validation that is no valid JSON Schema.',
  SCHEDULE_INVALID: 'A schedule or time zone that cannot be read.',
  PARAMETER_INVALID: 'A parameter value that its declaration does not allow.',
  PARAMETER_MISSING: 'A required parameter is missing.',
  PARAMETER_UNKNOWN: 'A parameter that the workflow does not declare.',
} as const;

export type ProblemCode = keyof typeof problemCodes;

/** One thing that is wrong with a document or its parameters. */
export interface Problem {
  code: ProblemCode;
  /** Dotted: `steps.load.config.url`; steps by id, list entries by position from 0. */
  path: string;
  /** From 1; missing when the document did not come from text. */
  line?: number;
  /** From 1. */
  column?: number;
  /** What is wrong, why, and what to do. */
  message: string;
  /** The nearest thing that would have been right. */
  suggestion?: string;
}
