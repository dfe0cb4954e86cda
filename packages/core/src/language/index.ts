export type { Catalog, CatalogHandler } from './catalog.ts';
export type { ValidateOptions, Validation } from './check-document.ts';
export type { Edit, EditPath } from './edit/change.ts';
export { editDocument } from './edit/edit.ts';
export { upgradeDocument } from './edit/upgrade.ts';
export { checkConfig, checkParameters } from './first-use.ts';
export { documentDefaults, documentId, slug } from './identity.ts';
export { defaultLimits, type Limits } from './limits.ts';
export type { Note } from './note.ts';
export { isRequired, optionValues, parameterSchema, schemaOfParameter } from './parameter-schema.ts';
export type { CheckedParameters } from './parameters.ts';
export { type ParseOptions, parseDocument } from './parse.ts';
export type { Path, Position } from './path.ts';
export { isSource, type LocateOptions, type Source } from './source.ts';
export { validateWorkflow } from './validate.ts';
export { workflowSchema } from './workflow-schema.ts';

/** The version of the workflow language that this package reads. */
export const languageVersion = '1';
