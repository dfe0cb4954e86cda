import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { hasCode } from '@vwmp/core';
import { readJson } from '../app/read-json.ts';
import type { Authenticator, Principal } from '../security/authenticate.ts';
import { headerOf, type RequestHeaders } from '../security/headers.ts';
import { remoteOf } from '../security/remote.ts';
import type { Client } from './client.ts';
import { invalid } from './socket-routes.ts';

/** What a client offers besides the protocol that holds its key: that one is never sent back, and browsers want an answer. */
export const protocol = 'vwmp';

/** What stands before the key in the protocol that holds it. */
const keyProtocol = `${protocol}.key.`;

/** Collections inside of each other in a message that says who somebody is. */
const mostDeep = 100;

/** Whoever is on a socket. */
export interface SocketIdentity {
  principal: Principal;
  /** Asks again. @throws API_KEY_INVALID when the key was taken back meanwhile */
  check(): Promise<unknown>;
}

/**
 * Finds out who has opened a socket: by its header or, as browsers cannot set it, by the protocol `vwmp.key.KEY` that it offers or by
 * the first message `{"type": "authenticate", "key": "…"}`. A key in the address is not looked at: addresses are logged everywhere.
 *
 * @param patience - how long the first message may take, in milliseconds
 * @throws API_KEY_MISSING, API_KEY_INVALID, REQUEST_INVALID
 */
export async function authenticateSocket(
  request: IncomingMessage,
  client: Client,
  authenticator: Pick<Authenticator, 'authenticate'>,
  patience: number,
): Promise<SocketIdentity> {
  const remote = remoteOf(request.socket);
  const as = async (headers: RequestHeaders): Promise<SocketIdentity> => {
    const check = (): Promise<Principal> => authenticator.authenticate(headers, remote);
    return { principal: await check(), check };
  };
  const headers = withOfferedKey(request.headers);
  try {
    return await as(headers);
  } catch (error) {
    if (!hasCode(error, 'API_KEY_MISSING')) throw error;
    const text = await client.receive(patience);
    if (text === undefined) throw error;
    return as({ ...headers, authorization: `Bearer ${readKey(text)}` });
  }
}

/** Headers in which the key that is offered as a protocol stands where it is looked for; one that stands there already stays. */
function withOfferedKey(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  if (headers.authorization !== undefined) return headers;
  const offered = headerOf(headers, 'sec-websocket-protocol')?.split(',') ?? [];
  const holder = offered.map((each) => each.trim()).find((each) => each.startsWith(keyProtocol));
  return holder === undefined
    ? headers
    : { ...headers, authorization: `Bearer ${holder.slice(keyProtocol.length)}` };
}

/** @throws REQUEST_INVALID */
function readKey(text: string): string {
  const message = readMessage(text);
  if (message.type === 'authenticate' && typeof message.key === 'string') return message.key;
  throw invalid('The first message says who you are: {"type": "authenticate", "key": "…"}.');
}

/** @param depth - collections inside of each other. @throws REQUEST_INVALID */
export function readMessage(text: string, depth: number = mostDeep): Record<string, unknown> {
  const message = readJson(text, depth, true);
  if (typeof message === 'object' && message !== null && !Array.isArray(message)) {
    return message as Record<string, unknown>;
  }
  throw invalid('The message is no JSON object.');
}
