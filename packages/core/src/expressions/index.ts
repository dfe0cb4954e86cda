// Ask detect.ts first and import this dynamically; what needs the CEL library (cel.ts) is imported from here when
// prepareExpressions() finds it. scope.ts, scan.ts and step-outputs.ts can be imported by themselves.
export { checkExpression, checkTemplate, type TemplateCheck } from './check.ts';
export { hasTemplate } from './detect.ts';
export { useCel } from './expression.ts';
export { prepareExpressions } from './prepare.ts';
export type { Scope } from './scope.ts';
export { compileExpression, compileTemplate, type Expression, type Template } from './template.ts';
