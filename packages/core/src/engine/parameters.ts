import type { JsonObject, JsonValue } from '../model/json.ts';
import { permanent } from './permanent.ts';
import type { Workflow } from './workflow.ts';

/** Parameters that were checked. */
export interface BoundParameters {
  /** With defaults filled in; what handlers and expressions get. */
  values: JsonObject;
  /** The same with `***` for secrets; what is stored and shown. */
  shown: JsonObject;
  /** What must never be stored or shown. */
  secrets: string[];
}

/** Loaded on first use; to import it again for each execution takes 8 µs. */
let checkParameters: typeof import('../language/first-use.ts').checkParameters | undefined;

const none: BoundParameters = { values: Object.freeze({}), shown: Object.freeze({}), secrets: [] };

/** @throws PARAMETERS_INVALID with every problem in `details` */
export async function bindParameters(workflow: Workflow, given: JsonObject): Promise<BoundParameters> {
  const declared = workflow.document.parameters ?? [];
  if (declared.length === 0 && given !== null && Object.keys(given).length === 0) return none;
  checkParameters ??= (await import('../language/first-use.ts')).checkParameters;
  const { values, problems } = checkParameters(declared, given);
  if (problems.length > 0) {
    const list = problems.map((problem) => problem.message).join(' ');
    throw permanent(
      'PARAMETERS_INVALID',
      `The parameters of workflow "${workflow.id}" are not valid. ${list}`,
      problems,
    );
  }
  const names = declared.filter(({ type }) => type === 'secret').map(({ name }) => name);
  if (names.length === 0) return { values, shown: values, secrets: [] };
  const shown: Record<string, JsonValue> = { ...values };
  const secrets: string[] = [];
  for (const name of names) {
    if (typeof shown[name] !== 'string') continue;
    secrets.push(shown[name]);
    shown[name] = '***';
  }
  return { values, shown: Object.freeze(shown), secrets };
}

/**
 * The parameters of an execution that was recorded. Its secrets were not, so reading one fails: `***` in their
 * place would be sent as a password.
 */
export function recordedParameters(workflow: Workflow, shown: JsonObject): BoundParameters {
  const values: Record<string, JsonValue> = { ...shown };
  for (const { name, type } of workflow.document.parameters ?? []) {
    if (type === 'secret') delete values[name];
  }
  return { values: Object.freeze(values), shown, secrets: [] };
}
