// Loads the CEL parser. Ask detect.ts first and import this dynamically.
export {
  checkExpression,
  checkTemplate,
  type StepUse,
  type TemplateCheck,
  type TemplateProblem,
} from './check.ts';
export { hasTemplate } from './detect.ts';
export { type References, type Scope, type ScopeName, scopeNames } from './scope.ts';
export { normaliseStepOutputs } from './step-outputs.ts';
export { compileExpression, compileTemplate, type Expression, type Template } from './template.ts';
