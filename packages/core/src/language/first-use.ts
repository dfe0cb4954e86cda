// What the engine loads for its first workflow, whatever stands in it, as one file.
export { compileExpression, compileTemplate, prepareExpressions, useCel } from '../expressions/index.ts';
export { checkDocument, readDocument } from './check-document.ts';
export { hasSchedules } from './check-triggers.ts';
export { fillDefaults } from './defaults.ts';
export { checkParameters } from './parameters.ts';
export { checkConfig } from './schema-check.ts';
