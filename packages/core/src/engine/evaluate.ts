import type { JsonObject, JsonValue } from '../model/json.ts';
import { permanent } from './permanent.ts';
import type { LocalScope, ScopeBuilder } from './scope.ts';
import type { PreparedCall, PreparedStep } from './workflow.ts';

/** Whether the condition of a step holds. @throws EXPRESSION_ERROR */
export function holds(step: PreparedStep, scope: ScopeBuilder, position: number): boolean {
  if (step.when === undefined) return true;
  if (typeof step.when === 'boolean') return step.when;
  return step.when.test(scope.build(step.when.references, position, false, {}));
}

/** The list of a foreach. @throws EXPRESSION_ERROR, FOREACH_NOT_A_LIST */
export function listOf(step: PreparedStep, scope: ScopeBuilder, position: number): readonly JsonValue[] {
  const { foreach } = step;
  const list =
    foreach && 'evaluate' in foreach
      ? foreach.evaluate(scope.build(foreach.references, position, false, {}))
      : foreach;
  if (Array.isArray(list)) return list as readonly JsonValue[];
  const kind = list === null ? 'null' : typeof list;
  throw permanent(
    'FOREACH_NOT_A_LIST',
    `The foreach of step "${step.step.id}" gave a value of type ${kind}, not a list.`,
  );
}

/**
 * The config of a call with its templates filled in.
 *
 * @param self - true for a compensation, which may read its own step
 * @throws EXPRESSION_ERROR, CONFIG_INVALID
 */
export function fillConfig(
  call: PreparedCall,
  scope: ScopeBuilder,
  position: number,
  self: boolean,
  local: LocalScope,
): JsonObject {
  if (!call.template) return call.constant!;
  const config = call.template.evaluate(
    scope.build(call.template.references, position, self, local),
  ) as JsonObject;
  const problems = call.check?.(config) ?? [];
  if (problems.length === 0) return config;
  const list = problems.map((problem) => problem.message).join(' ');
  throw permanent(
    'CONFIG_INVALID',
    `The config of handler "${call.handler.path}" is not valid once filled in: ${list}`,
    problems,
  );
}
