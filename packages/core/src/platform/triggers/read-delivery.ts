import { permanent } from '../../engine/permanent.ts';
import type { JsonValue } from '../../model/json.ts';

/** What a delivery says of itself to the triggers of one scheme. */
export interface DeliveryReading {
  /** The same when it is sent again. */
  readonly id: string | undefined;
  /** The sender has signed the id too. */
  readonly isIdSigned: boolean;
  /** What happened, as the sender names it. */
  readonly event: string | undefined;
  /** GitHub says in this way that it has noted the address. */
  readonly isPing: boolean;
  readonly body: JsonValue;
}

/**
 * Reads a delivery as senders of this scheme mean it. What another scheme would read counts for nothing: whoever has got hold of a
 * delivery could add a header that makes it another one.
 *
 * @param scheme - the one that it is signed with, or `none`
 * @param headers - by name in lower case
 * @throws WEBHOOK_BODY
 */
export function readDelivery(
  scheme: string,
  headers: Readonly<Record<string, string>>,
  bytes: Uint8Array,
): DeliveryReading {
  const text = new TextDecoder().decode(bytes);
  const { 'webhook-id': standardId, 'x-github-delivery': gitHubId, 'x-github-event': gitHubEvent } = headers;
  if (scheme === 'standard') {
    const signed = { id: standardId, isIdSigned: true, isPing: false };
    const json = parsed(text);
    // The content type is not signed: as a form, the same bytes could name another type.
    if (json !== undefined) return { ...signed, event: typeOf(json), body: json };
    return { ...signed, event: undefined, body: readBody(text, headers['content-type']) };
  }
  const body = readBody(text, headers['content-type'], gitHubEvent);
  const rest = { isIdSigned: false, isPing: gitHubEvent === 'ping', body };
  if (scheme === 'github') return { id: gitHubId, event: gitHubEvent, ...rest };
  return {
    id: gitHubId ?? standardId ?? headers['idempotency-key'],
    event: gitHubEvent ?? headers['x-event'] ?? (standardId === undefined ? undefined : typeOf(body)),
    ...rest,
  };
}

/** Standard Webhooks say in their body what happened. */
function typeOf(body: JsonValue): string | undefined {
  const type = (body as { type?: JsonValue } | null)?.type;
  return typeof type === 'string' ? type : undefined;
}

/** @returns undefined when it is no JSON */
function parsed(text: string): JsonValue | undefined {
  try {
    // What revives takes several times as long, and most have nothing for it.
    return JSON.parse(text, /\d{16}/.test(text) ? exact : undefined) as JsonValue;
  } catch {
    return undefined;
  }
}

/**
 * An integer that would become another one, such as an id beyond 2^53, stays as it was written, as a text: its sender cannot be told to send it
 * so, and would be refused for what nobody here reads.
 */
function exact(_key: string, value: unknown, context?: { source?: string }): unknown {
  const { source } = context!;
  return /^-?\d{16,}$/.test(source!) && source !== `${value as number}` ? source : value;
}

/** @param event - as GitHub and those that follow it name it. @throws WEBHOOK_BODY */
function readBody(text: string, type = '', event?: string): JsonValue {
  if (text === '') return null;
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
    const form = Object.fromEntries(new URLSearchParams(text));
    // So it sends JSON as long as nobody has chosen another content type. That is not signed: what is JSON is read as such.
    return parsed(text) ?? parsed((event && form.payload)!) ?? form;
  }
  if (!/\bjson\b/i.test(type) && type !== '') return text;
  const json = parsed(text);
  if (json !== undefined) return json;
  if (type === '') return text;
  const message = 'The body is no JSON, though its content type says so.';
  throw permanent('WEBHOOK_BODY', message);
}
