import { bindParameters } from '../engine/parameters.ts';
import { permanent } from '../engine/permanent.ts';
import type { Workflow } from '../engine/workflow.ts';
import type { VwmpError } from '../errors.ts';
import { compileDefinition, type Definition } from '../machine/index.ts';
import type { RecordedEvent, StoredEvent } from '../model/event.ts';
import type { WorkflowDocument } from '../model/workflow.ts';
import type { ExecutionRecord } from '../ports/execution-store.ts';
import { familyRedactor, type Given } from './given.ts';
import { givenTo, readHistory } from './history.ts';
import type { PlatformParts } from './parts.ts';
import type { Sealer } from './seal.ts';

/** What a new execution takes over from the one that it tries again. */
export interface TakenOver {
  /** Settlements of the steps that are not run again. */
  events: RecordedEvent[];
  given: Given;
}

/**
 * Reads what a retry goes on with.
 *
 * @param workflow - to go on with
 * @param from - the step to begin from; undefined for all that did not succeed
 * @throws RETRY_INVALID, PARAMETERS_INVALID, ENCRYPTION_KEY_MISSING, ENCRYPTION_KEY_WRONG
 */
export async function takeOver(
  workflow: Workflow,
  { id, document, origin }: ExecutionRecord,
  from: string | undefined,
  { parts, sealer }: { readonly parts: PlatformParts; readonly sealer: Sealer },
): Promise<TakenOver> {
  const history = await readHistory(parts.storage.executions, id);
  const kept = keptOf(history, workflow.document, from, document);
  const sealed = origin?.sealed === undefined ? undefined : sealer.open(origin.sealed);
  const given = await giveAgain(workflow, { ...givenTo(history), ...sealed });
  return { events: kept.map((event) => given.redactor.redact(event as never) as RecordedEvent), given };
}

/** What an execution was given, for a document that may declare other parameters by now. */
async function giveAgain(
  workflow: Workflow,
  { parameters, trigger, secrets = [] }: ReturnType<typeof givenTo> & { secrets?: readonly string[] },
): Promise<Given> {
  const declared = new Set(workflow.document.parameters?.map(({ name }) => name));
  const known = Object.entries(parameters).filter(([name]) => declared.has(name));
  const bound = await bindParameters(workflow, Object.fromEntries(known));
  const redactor = familyRedactor(undefined, bound);
  for (const secret of secrets) redactor.add(secret);
  return { ...bound, redactor, ...(trigger !== undefined && { trigger }) };
}

/**
 * Decides which steps are run again: those that did not succeed, or were undone, or the chosen one; with all that depend on
 * them, and what the document did not have before.
 *
 * @param document - to go on with
 * @param from - the step to begin from
 * @param before - the document that the history is of
 * @returns settlements of the other steps
 * @throws RETRY_INVALID
 */
function keptOf(
  history: readonly StoredEvent[],
  document: WorkflowDocument,
  from: string | undefined,
  before: WorkflowDocument,
): RecordedEvent[] {
  const definition = compileDefinition(document);
  if (from !== undefined && !definition.positions.has(from)) {
    const known = document.steps.map(({ id }) => `"${id}"`).join(', ');
    throw invalid(`The workflow has no step "${from}" to begin from. Its steps: ${known}.`);
  }
  const settlements = settlementsOf(history);
  for (const id of changedSkips(settlements, before, document)) settlements.delete(id);
  const undone = new Set(
    history.flatMap((event) => (event.event === 'compensation_completed' ? [event.step_id] : [])),
  );
  const again = new Set<string>();
  for (const { id } of definition.steps) {
    if (id === from || undone.has(id) || !settlements.has(id)) again.add(id);
  }
  addDependents(definition, again);
  // With nothing to run again, what failed is the output of the workflow.
  if (again.size === 0 && !history.some(({ event }) => event === 'workflow_failing'))
    throw invalid('Every step has succeeded. Choose the step to begin from.');
  return [...settlements]
    .filter(([id]) => definition.positions.has(id) && !again.has(id))
    .map(([, event]) => event);
}

/** How steps ended that need not run again: they succeeded, or were skipped for a reason of their own. */
function settlementsOf(history: readonly StoredEvent[]): Map<string, RecordedEvent> {
  const settlements = new Map<string, RecordedEvent>();
  for (const event of history) {
    const done =
      event.event === 'step_completed' ||
      (event.event === 'step_skipped' && (event.reason === 'condition' || event.reason === 'disabled'));
    if (done) settlements.set(event.step_id, withoutHeader(event));
  }
  return settlements;
}

/** Steps that were skipped for a reason which the document does not give any more. */
function changedSkips(
  settlements: ReadonlyMap<string, RecordedEvent>,
  before: WorkflowDocument,
  document: WorkflowDocument,
): string[] {
  const reasons = ({ steps }: WorkflowDocument): Map<string, string> =>
    new Map(steps.map(({ id, when, enabled = true }) => [id, JSON.stringify([when, enabled])]));
  const [then, now] = [reasons(before), reasons(document)];
  return [...settlements].flatMap(([id, { event }]) =>
    event === 'step_skipped' && now.get(id) !== then.get(id) ? [id] : [],
  );
}

function withoutHeader({
  seq: _seq,
  execution_id: _id,
  timestamp: _at,
  ...event
}: StoredEvent): RecordedEvent {
  return event as RecordedEvent;
}

function addDependents({ steps, positions }: Definition, ids: Set<string>): void {
  const open = [...ids].map((id) => positions.get(id)!);
  for (let position = open.pop(); position !== undefined; position = open.pop()) {
    for (const dependent of steps[position]!.dependents) {
      const { id } = steps[dependent]!;
      if (ids.has(id)) continue;
      ids.add(id);
      open.push(dependent);
    }
  }
}

function invalid(message: string): VwmpError {
  return permanent('RETRY_INVALID', message);
}
