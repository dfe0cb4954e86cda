import { defineHandler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import type { Probe } from './model.ts';

/** Servers that know HEAD and refuse it, or answer it as if the page were not there. */
const askAgain: ReadonlySet<number> = new Set([400, 403, 404, 405, 501]);
/** The page is there, but not for everyone. */
const there: ReadonlySet<number> = new Set([401, 403, 407, 429, 999]);

/** `audit.probe`: does an address answer? */
export const probe = defineHandler({
  title: 'Check external link',
  description: 'Asks for an address with HEAD, and with GET where HEAD is refused.',
  icon: 'radar',
  config: Type.Object({
    url: Type.String({ minLength: 1 }),
    file: Type.String(),
    line: Type.Integer(),
    attempts: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'The attempts of retry: the last one reports instead of failing.',
      }),
    ),
  }),
  async execute({ config, attempt, signal }): Promise<Probe> {
    const { url, file, line, attempts = 1 } = config;
    if (!URL.canParse(url)) return { url, file, line, ok: false, reason: 'it is no valid address' };
    let reason: string;
    let passing = true;
    try {
      let status = await ask(url, 'HEAD', signal);
      if (askAgain.has(status)) status = await ask(url, 'GET', signal);
      if (status < 400 || there.has(status)) return { url, file, line, ok: true, reason: null };
      reason = `it answers ${status}`;
      passing = status >= 500;
    } catch (error) {
      signal.throwIfAborted();
      reason = reasonOf(error);
    }
    // What may pass fails the attempt, so that the engine retries it; in the end it is a finding, not a failure.
    if (passing && attempt < attempts)
      throw Object.assign(new Error(`${url}: ${reason}`), { code: 'NO_ANSWER' });
    return { url, file, line, ok: false, reason };
  },
});

async function ask(url: string, method: 'HEAD' | 'GET', signal: AbortSignal): Promise<number> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(15_000)]);
  const response = await fetch(url, {
    method,
    signal: limit,
    headers: { 'user-agent': 'vwmp-markdown-audit' },
  });
  await response.body?.cancel();
  return response.status;
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return 'it does not answer within 15 s';
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? `it cannot be reached (${code})` : message;
}
