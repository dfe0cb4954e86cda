// The CEL library (cel.ts) is loaded by prepareExpressions(), for what needs it.
export { checkExpression, checkTemplate, type TemplateCheck } from './check.ts';
export { hasTemplate } from './detect.ts';
export { useCel } from './expression.ts';
export { prepareExpressions } from './prepare.ts';
export type { Scope } from './scope.ts';
export { compileExpression, compileTemplate, type Expression, type Template } from './template.ts';
