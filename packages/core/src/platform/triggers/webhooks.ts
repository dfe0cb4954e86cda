import { digest } from '../../engine/digest.ts';
import { permanent } from '../../engine/permanent.ts';
import type { Workflow } from '../../engine/workflow.ts';
import { hasCode } from '../../errors.ts';
import type { Scope } from '../../expressions/scope.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SecretSource } from '../../ports/secret-source.ts';
import { toJson } from '../../values/index.ts';
import { fillIn, holdsIn } from '../fill-in.ts';
import type { Started, StartOptions, WebhookAnswer, WebhookDelivery } from '../platform.ts';
import { type DeliveryReading, readDelivery } from './read-delivery.ts';
import { type Signed, schemeOf, signatureFault, signatureHeader } from './signature.ts';
import type { UnnamedDeliveries } from './unnamed.ts';
import { trimPath, type WebhookEntry, type WebhookIndex } from './webhook-index.ts';

export interface WebhooksOptions {
  readonly index: WebhookIndex;
  readonly unnamed: UnnamedDeliveries;
  readonly clock: Clock;
  readonly secrets: SecretSource | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** @throws PARAMETERS_INVALID */
  check(workflow: Workflow, parameters: JsonObject): Promise<unknown>;
  start(workflowId: string, parameters: JsonObject, options: StartOptions): Promise<Started>;
}

/** What is not passed on to workflows: it would be recorded. */
const privateHeaders = /authorization|cookie|signature|token|secret|passw|api-?key/;

/** An execution that a delivery starts. */
interface Wanted {
  entry: WebhookEntry;
  parameters: JsonObject;
  trigger: JsonObject;
  reading: DeliveryReading;
  /** The workflow may begin with a delivery of the same id that its sender has signed. */
  mayClash: boolean;
}

/** A trigger whose signature a delivery carries. */
interface SignedEntry {
  entry: WebhookEntry;
  /** How it is signed, or `none`. */
  scheme: string;
}

/**
 * Accepts a delivery for every workflow with a webhook trigger of its path whose signature it carries.
 *
 * @throws WEBHOOK_NOT_FOUND, WEBHOOK_SIGNATURE, WEBHOOK_BODY, EXPRESSION_ERROR, PARAMETERS_INVALID, SECRET_MISSING
 */
export async function acceptDelivery(
  path: string,
  delivery: WebhookDelivery,
  options: WebhooksOptions,
): Promise<WebhookAnswer> {
  const found = await options.index.find(trimPath(path));
  if (found.length === 0) {
    const message = `No workflow has a webhook trigger "${trimPath(path)}".`;
    throw permanent('WEBHOOK_NOT_FOUND', message);
  }
  const headers = lowerCase(delivery.headers);
  const body = typeof delivery.body === 'string' ? new TextEncoder().encode(delivery.body) : delivery.body;
  const signed = await signedFor(found, { headers, body, now: options.clock.now() }, options);
  const hidden = new Set(signed.map(({ entry }) => signatureHeader(entry.trigger.signature)));
  const shown = Object.entries(headers).filter(([name]) => !privateHeaders.test(name) && !hidden.has(name));
  const common = { type: 'webhook', path: trimPath(path), headers: Object.fromEntries(shown) };
  const read = (scheme: string): Pick<Wanted, 'reading' | 'trigger'> => {
    const reading = readDelivery(scheme, headers, body);
    const { body: content, event, id } = reading;
    const trigger = toJson({
      ...{ ...common, query: delivery.query ?? {}, body: content },
      ...(event === undefined ? {} : { event }),
      ...(id === undefined ? {} : { delivery: id }),
    }) as JsonObject;
    return { reading, trigger };
  };
  const readings = new Map(
    [...new Set(signed.map(({ scheme }) => scheme))].map((scheme) => [scheme, read(scheme)]),
  );
  // All of them before anything starts: half of a delivery is none.
  const wanted: Wanted[] = [];
  for (const { entry, scheme } of signed) {
    // One for each workflow, of whichever of its triggers.
    if (wanted.some((each) => each.entry.workflow.id === entry.workflow.id)) continue;
    const { reading, trigger } = readings.get(scheme)!;
    if (reading.isPing && !entry.trigger.events?.includes('ping')) continue;
    const parameters = await parametersFor(entry, trigger, reading.event, options);
    const mayClash = !reading.isIdSigned && found.some((each) => maySignIds(each, entry));
    if (parameters) wanted.push({ entry, parameters, trigger, reading, mayClash });
  }
  const executions = await startAll(wanted, trimPath(path), { ...delivery, body }, options);
  return { status: executions.length > 0 ? 'queued' : 'ignored', executions };
}

async function startAll(
  wanted: readonly Wanted[],
  path: string,
  { query, body }: Pick<WebhookDelivery, 'query'> & { body: Uint8Array },
  { start, unnamed }: WebhooksOptions,
): Promise<WebhookAnswer['executions']> {
  const startThose = async (
    those: readonly Wanted[],
    keyOf: (one: Wanted) => string | undefined,
  ): Promise<WebhookAnswer['executions']> => {
    const executions: WebhookAnswer['executions'] = [];
    for (const one of those) {
      const { id: workflow_id } = one.entry.workflow;
      const key = keyOf(one);
      const idempotency = key === undefined ? {} : { idempotencyKey: key };
      const options = { trigger: one.trigger, ...idempotency };
      try {
        const { execution_id, created } = await start(workflow_id, one.parameters, options);
        executions.push({ workflow_id, execution_id, created });
      } catch (error) {
        // As many are running as its document wants: then it does not want this one.
        if (!hasCode(error, 'CONCURRENCY_LIMIT')) throw error;
      }
    }
    return executions;
  };
  // The rest comes last: once it is begun, nothing is left that could fail and have it begun anew.
  const named = wanted.filter(({ reading }) => reading.id !== undefined);
  const rest = wanted.filter(({ reading }) => reading.id === undefined);
  const begun = await startThose(named, ({ reading, mayClash }) => keyFor(path, reading.id!, mayClash));
  if (rest.length < 2) return [...begun, ...(await startThose(rest, () => undefined))];
  let executions: WebhookAnswer['executions'] = [];
  const ids = rest.map(({ entry }) => entry.workflow.id);
  const mayRefuse = rest.some(({ entry }) => entry.workflow.document.concurrency?.policy === 'skip');
  const events = new Set(rest.map(({ reading }) => reading.event));
  const content = digest(Buffer.concat([Buffer.from(JSON.stringify([...events, query])), body]));
  await unnamed.run(path, content, ids, mayRefuse, async (key) => {
    executions = await startThose(rest, () => key);
    return executions[0]?.created ?? true;
  });
  return [...begun, ...executions];
}

/** An id that anybody could choose keeps none from being begun that the sender has signed. */
function keyFor(path: string, id: string, mayClash: boolean): string {
  return `${mayClash ? 'unsigned-webhook' : 'webhook'}:${path}:${id.length > 200 ? digest(id) : id}`;
}

/** Whether it is another trigger of the same workflow, whose deliveries may be those of Standard Webhooks. */
function maySignIds({ workflow, trigger }: WebhookEntry, than: WebhookEntry): boolean {
  const { signature = 'standard', secret } = trigger;
  const isOther = trigger.signature !== than.trigger.signature || secret !== than.trigger.secret;
  return isOther && signature === 'standard' && workflow.id === than.workflow.id;
}

/** @returns undefined when it does not want the delivery */
async function parametersFor(
  { workflow, trigger: declared }: WebhookEntry,
  trigger: JsonObject,
  event: string | undefined,
  { check, env }: WebhooksOptions,
): Promise<JsonObject | undefined> {
  if (declared.events && (event === undefined || !declared.events.includes(event))) return undefined;
  const scope: Scope = { trigger, config: workflow.document.config ?? {}, env };
  if (declared.when !== undefined && !(await holdsIn(bare(declared.when), scope))) return undefined;
  const parameters = (await fillIn(declared.parameters ?? {}, scope)) as JsonObject;
  await check(workflow, parameters);
  return parameters;
}

/** The triggers whose signature the delivery carries, at least one. @throws WEBHOOK_SIGNATURE, SECRET_MISSING */
async function signedFor(
  entries: readonly WebhookEntry[],
  signed: Signed,
  options: WebhooksOptions,
): Promise<SignedEntry[]> {
  const right: SignedEntry[] = [];
  let failure: { error: unknown } | undefined;
  for (const entry of entries) {
    try {
      right.push({ entry, scheme: await checkSignature(entry, signed, options) });
    } catch (error) {
      failure ??= { error };
    }
  }
  // Who has written one workflow must not be able to shut out the deliveries of another one.
  if (right.length === 0) throw failure!.error;
  return right;
}

/** @returns how it is signed. @throws WEBHOOK_SIGNATURE, SECRET_MISSING, EXPRESSION_ERROR */
async function checkSignature(
  { workflow, trigger }: WebhookEntry,
  signed: Signed,
  { secrets, env }: WebhooksOptions,
): Promise<string> {
  if (trigger.signature === 'none') return 'none';
  const { secret: template = '', webhook } = trigger;
  const scope: Scope = {
    config: workflow.document.config ?? {},
    env,
    secrets: secretsFor(template, secrets),
  };
  const secret = await fillIn(template, scope);
  let fault: string | undefined = 'cannot be checked without a secret';
  if (typeof secret === 'string' && secret !== '') {
    fault = signatureFault(trigger.signature, signed, secret);
    if (fault === undefined) return schemeOf(trigger.signature, secret);
  }
  const message = `The delivery to webhook "${trimPath(webhook)}" ${fault}. Set the same secret on both sides.`;
  throw permanent('WEBHOOK_SIGNATURE', message);
}

/** The secrets that the template names. @throws SECRET_MISSING */
function secretsFor(template: string, source: SecretSource | undefined): JsonObject {
  const found: Record<string, string> = {};
  for (const [, dotted, quoted] of template.matchAll(/secrets(?:\.([A-Za-z_]\w*)|\["([^"]+)"\])/g)) {
    const name = dotted ?? quoted!;
    const secret = source?.get(name);
    if (secret === undefined) {
      const message = `There is no secret "${name}", which the webhook is checked with. Set it where the secrets come from.`;
      throw permanent('SECRET_MISSING', message, { name });
    }
    found[name] = secret;
  }
  return found;
}

/** Conditions may stand in `${…}` or not. */
function bare(condition: string): string {
  return /^\$\{(.*)\}$/s.exec(condition.trim())?.[1] ?? condition;
}

function lowerCase(headers: WebhookDelivery['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
