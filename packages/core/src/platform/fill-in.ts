import { hasTemplate } from '../expressions/detect.ts';
import type { Scope } from '../expressions/scope.ts';
import type { JsonValue } from '../model/json.ts';

/**
 * Fills in what stands in `${…}` outside of an execution: in triggers and concurrency keys.
 *
 * @throws EXPRESSION_ERROR
 */
export async function fillIn(template: JsonValue, scope: Scope): Promise<JsonValue> {
  if (!hasTemplate(template)) return template;
  const { compileTemplate, prepareExpressions } = await import('../language/first-use.ts');
  await prepareExpressions(template);
  return compileTemplate(template).evaluate(scope);
}

/** Whether a condition holds. @throws EXPRESSION_ERROR */
export async function holdsIn(condition: string, scope: Scope): Promise<boolean> {
  const { compileExpression, prepareExpressions } = await import('../language/first-use.ts');
  await prepareExpressions(condition);
  return compileExpression(condition).test(scope);
}
