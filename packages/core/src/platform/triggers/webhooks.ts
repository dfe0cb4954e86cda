import type { Workflow } from '../../engine/workflow.ts';
import { hasCode, VwmpError } from '../../errors.ts';
import type { Scope } from '../../expressions/scope.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SecretSource } from '../../ports/secret-source.ts';
import { toJson } from '../../values/index.ts';
import { fillIn, holdsIn } from '../fill-in.ts';
import type { Started, StartOptions, WebhookAnswer, WebhookDelivery } from '../platform.ts';
import { type Signed, signatureFault, signatureHeader } from './signature.ts';
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
const privateHeaders = /^(proxy-)?authorization$|cookie|signature|token|secret|api-?key/;

/** An execution that a delivery starts. */
interface Wanted {
  entry: WebhookEntry;
  parameters: JsonObject;
  trigger: JsonObject;
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
    throw new VwmpError('WEBHOOK_NOT_FOUND', message, { retryable: false });
  }
  const headers = lowerCase(delivery.headers);
  const body = typeof delivery.body === 'string' ? new TextEncoder().encode(delivery.body) : delivery.body;
  const entries = await signedFor(found, { headers, body, now: options.clock.now() }, options);
  const hidden = new Set(entries.map(({ trigger }) => signatureHeader(trigger.signature)));
  const shown = Object.entries(headers).filter(([name]) => !privateHeaders.test(name) && !hidden.has(name));
  const read = readBody(body, headers['content-type']);
  const event = eventOf(headers, read);
  const id = headers['x-github-delivery'] ?? headers['webhook-id'] ?? headers['idempotency-key'];
  const trigger = toJson({
    type: 'webhook',
    path: trimPath(path),
    headers: Object.fromEntries(shown),
    query: delivery.query ?? {},
    body: read,
    ...(event === undefined ? {} : { event }),
    ...(id === undefined ? {} : { delivery: id }),
  }) as JsonObject;
  // GitHub says in this way that it has noted the address.
  const isPing = headers['x-github-event'] === 'ping';
  // All of them before anything starts: half of a delivery is none.
  const wanted: Wanted[] = [];
  for (const entry of entries) {
    // One for each workflow, of whichever of its triggers.
    if (wanted.some((each) => each.entry.workflow.id === entry.workflow.id)) continue;
    if (isPing && !entry.trigger.events?.includes('ping')) continue;
    const parameters = await parametersFor(entry, trigger, event, options);
    if (parameters) wanted.push({ entry, parameters, trigger });
  }
  const content = digest(JSON.stringify([event, delivery.query]), body);
  const executions = await startAll(wanted, trimPath(path), { id, content }, options);
  return { status: executions.length > 0 ? 'queued' : 'ignored', executions };
}

/** What happened, as the sender names it. Standard Webhooks have it in their body. */
function eventOf(headers: Record<string, string>, body: JsonValue): string | undefined {
  const named = headers['x-github-event'] ?? headers['x-event'];
  if (named !== undefined || headers['webhook-id'] === undefined) return named;
  const type = (body as { type?: JsonValue } | null)?.type;
  return typeof type === 'string' ? type : undefined;
}

async function startAll(
  wanted: readonly Wanted[],
  path: string,
  { id, content }: { id: string | undefined; content: string },
  { start, unnamed }: WebhooksOptions,
): Promise<WebhookAnswer['executions']> {
  const startWith = async (key: string | undefined): Promise<WebhookAnswer['executions']> => {
    const executions: WebhookAnswer['executions'] = [];
    for (const { entry, parameters, trigger } of wanted) {
      const { id: workflow_id } = entry.workflow;
      const idempotency = key === undefined ? {} : { idempotencyKey: key };
      try {
        const { execution_id, created } = await start(workflow_id, parameters, { trigger, ...idempotency });
        executions.push({ workflow_id, execution_id, created });
      } catch (error) {
        // As many are running as its document wants: then it does not want this one.
        if (!hasCode(error, 'CONCURRENCY_LIMIT')) throw error;
      }
    }
    return executions;
  };
  if (id !== undefined) return startWith(`webhook:${path}:${id.length > 200 ? digest(id) : id}`);
  if (wanted.length < 2) return startWith(undefined);
  let executions: WebhookAnswer['executions'] = [];
  const ids = wanted.map(({ entry }) => entry.workflow.id);
  const mayRefuse = wanted.some(({ entry }) => entry.workflow.document.concurrency?.policy === 'skip');
  await unnamed.run(path, content, ids, mayRefuse, async (key) => {
    executions = await startWith(key);
    return executions[0]?.created ?? true;
  });
  return executions;
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

function digest(...parts: readonly (string | Uint8Array)[]): string {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** The triggers whose signature the delivery carries, at least one. @throws WEBHOOK_SIGNATURE, SECRET_MISSING */
async function signedFor(
  entries: readonly WebhookEntry[],
  signed: Signed,
  options: WebhooksOptions,
): Promise<WebhookEntry[]> {
  const right: WebhookEntry[] = [];
  let failure: { error: unknown } | undefined;
  for (const entry of entries) {
    try {
      await checkSignature(entry, signed, options);
      right.push(entry);
    } catch (error) {
      failure ??= { error };
    }
  }
  // Who has written one workflow must not be able to shut out the deliveries of another one.
  if (right.length === 0) throw failure!.error;
  return right;
}

/** @throws WEBHOOK_SIGNATURE, SECRET_MISSING, EXPRESSION_ERROR */
async function checkSignature(
  { workflow, trigger }: WebhookEntry,
  signed: Signed,
  { secrets, env }: WebhooksOptions,
): Promise<void> {
  if (trigger.signature === 'none') return;
  const { secret: template = '', webhook } = trigger;
  const scope: Scope = {
    config: workflow.document.config ?? {},
    env,
    secrets: secretsFor(template, secrets),
  };
  const secret = await fillIn(template, scope);
  const usable = typeof secret === 'string' && secret !== '';
  const fault = usable
    ? signatureFault(trigger.signature, signed, secret)
    : 'cannot be checked without a secret';
  if (fault === undefined) return;
  const message = `The delivery to webhook "${trimPath(webhook)}" ${fault}. Set the same secret on both sides.`;
  throw new VwmpError('WEBHOOK_SIGNATURE', message, { retryable: false });
}

/** The secrets that the template names. @throws SECRET_MISSING */
function secretsFor(template: string, source: SecretSource | undefined): JsonObject {
  const found: Record<string, string> = {};
  for (const [, dotted, quoted] of template.matchAll(/secrets(?:\.([A-Za-z_]\w*)|\["([^"]+)"\])/g)) {
    const name = dotted ?? quoted!;
    const secret = source?.get(name);
    if (secret === undefined) {
      const message = `There is no secret "${name}", which the webhook is checked with. Set it where the secrets come from.`;
      throw new VwmpError('SECRET_MISSING', message, { details: { name }, retryable: false });
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

/** @throws WEBHOOK_BODY */
function readBody(body: Uint8Array, type = ''): JsonValue {
  const text = new TextDecoder().decode(body);
  if (text === '') return null;
  if (/^application\/x-www-form-urlencoded\b/i.test(type))
    return Object.fromEntries(new URLSearchParams(text));
  if (!/\bjson\b/i.test(type) && type !== '') return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    if (type === '') return text;
    const message = 'The body of the delivery is no JSON, though its content type says so.';
    throw new VwmpError('WEBHOOK_BODY', message, { cause, retryable: false });
  }
}
