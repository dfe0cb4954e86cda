// Loads the CEL library. Ask detect.ts first and import this dynamically. scope.ts, scan.ts and
// step-outputs.ts load nothing and can be imported by themselves.
export { checkExpression, checkTemplate, type TemplateCheck } from './check.ts';
export { hasTemplate } from './detect.ts';
export { prepareExpressions } from './regex.ts';
export type { Scope } from './scope.ts';
export { compileExpression, compileTemplate, type Expression, type Template } from './template.ts';
