import type { Workflow } from '../../engine/workflow.ts';
import { VwmpError } from '../../errors.ts';
import type { Scope } from '../../expressions/scope.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { SecretSource } from '../../ports/secret-source.ts';
import { toJson } from '../../values/index.ts';
import { fillIn, holdsIn } from '../fill-in.ts';
import type { Started, StartOptions, WebhookAnswer, WebhookDelivery } from '../platform.ts';
import { isSigned } from './signature.ts';
import { trimPath, type WebhookEntry, type WebhookIndex } from './webhook-index.ts';

export interface WebhooksOptions {
  readonly index: WebhookIndex;
  readonly secrets: SecretSource | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** @throws PARAMETERS_INVALID */
  check(workflow: Workflow, parameters: JsonObject): Promise<unknown>;
  start(workflowId: string, parameters: JsonObject, options: StartOptions): Promise<Started>;
}

/** What is not passed on to workflows: it would be recorded. */
const privateHeaders = /^(authorization|cookie|proxy-authorization|x-hub-signature(-256)?)$/;

/**
 * Accepts a delivery for every workflow with a webhook trigger of its path.
 *
 * @throws WEBHOOK_NOT_FOUND, WEBHOOK_SIGNATURE, WEBHOOK_BODY, EXPRESSION_ERROR, PARAMETERS_INVALID, SECRET_MISSING
 */
export async function acceptDelivery(
  path: string,
  delivery: WebhookDelivery,
  options: WebhooksOptions,
): Promise<WebhookAnswer> {
  const entries = await options.index.find(trimPath(path));
  if (entries.length === 0) {
    const message = `No workflow has a webhook trigger "${trimPath(path)}".`;
    throw new VwmpError('WEBHOOK_NOT_FOUND', message, { retryable: false });
  }
  const headers = lowerCase(delivery.headers);
  const body = typeof delivery.body === 'string' ? new TextEncoder().encode(delivery.body) : delivery.body;
  for (const entry of entries) await checkSignature(entry, body, headers['x-hub-signature-256'], options);
  const event = headers['x-github-event'] ?? headers['x-event'];
  const id = headers['x-github-delivery'] ?? headers['idempotency-key'];
  const trigger = toJson({
    type: 'webhook',
    path: trimPath(path),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !privateHeaders.test(name))),
    query: delivery.query ?? {},
    body: readBody(body, headers['content-type']),
    ...(event === undefined ? {} : { event }),
    ...(id === undefined ? {} : { delivery: id }),
  }) as JsonObject;
  // All of them before anything starts: half of a delivery is none.
  const wanted: { entry: WebhookEntry; parameters: JsonObject }[] = [];
  for (const entry of entries) {
    const parameters = await parametersFor(entry, trigger, event, options);
    if (parameters) wanted.push({ entry, parameters });
  }
  const executions: WebhookAnswer['executions'] = [];
  for (const { entry, parameters } of wanted) {
    executions.push(await startEntry(entry, parameters, trigger, id, options));
  }
  return { status: executions.length > 0 ? 'queued' : 'ignored', executions };
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

async function startEntry(
  { workflow, trigger: declared }: WebhookEntry,
  parameters: JsonObject,
  trigger: JsonObject,
  delivery: string | undefined,
  { start }: WebhooksOptions,
): Promise<WebhookAnswer['executions'][number]> {
  const key =
    delivery === undefined ? {} : { idempotencyKey: `webhook:${trimPath(declared.webhook)}:${delivery}` };
  const { execution_id, created } = await start(workflow.id, parameters, { trigger, ...key });
  return { workflow_id: workflow.id, execution_id, created };
}

async function checkSignature(
  { workflow, trigger }: WebhookEntry,
  body: Uint8Array,
  signature: string | undefined,
  { secrets, env }: WebhooksOptions,
): Promise<void> {
  if (trigger.secret === undefined) return;
  const scope: Scope = {
    config: workflow.document.config ?? {},
    env,
    secrets: secretsFor(trigger.secret, secrets),
  };
  const secret = await fillIn(trigger.secret, scope);
  if (typeof secret === 'string' && secret !== '' && isSigned(body, signature, secret)) return;
  const why = signature === undefined ? 'has no X-Hub-Signature-256' : 'has a wrong signature';
  const message = `The delivery to webhook "${trimPath(trigger.webhook)}" ${why}. Set the same secret on both sides.`;
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
