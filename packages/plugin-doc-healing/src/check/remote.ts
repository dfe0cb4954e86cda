import { hasCode } from '@vwmp/core';
import { type RequestContext, request } from '../github/client.ts';
import type { Project } from '../project/project.ts';
import { type Finding, findingAt } from './finding.ts';

const maxAddresses = 500;
const atATime = 6;

/** Asks other hosts for what documentation links to. Only what is said to be gone is a finding: hosts may be busy or refuse machines. */
export async function checkRemote(
  files: readonly string[],
  project: Project,
  context: RequestContext,
  guarded: boolean,
): Promise<Finding[]> {
  const places = new Map<
    string,
    { file: string; text: string; start: number | undefined; line: number; url: string }[]
  >();
  for (const file of files) {
    const document = await project.head.document(file);
    if ('skipped' in document) continue;
    for (const { url, start, line } of document.links) {
      if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) continue;
      const address = url.split('#')[0]!;
      places.set(address, [...(places.get(address) ?? []), { file, text: document.text, start, line, url }]);
    }
  }
  const findings: Finding[] = [];
  const addresses = [...places.keys()].sort().slice(0, maxAddresses);
  if (places.size > maxAddresses)
    context.logger.warn(`${places.size - maxAddresses} addresses were not asked for.`);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let address = addresses[next++]; address !== undefined; address = addresses[next++]) {
      const status = await statusOf(context, address, guarded);
      if (status === undefined) continue;
      for (const { file, text, start, line, url } of places.get(address)!) {
        const rest = { kind: 'link_dead', file, subject: url, message: `${url} answers ${status}.` } as const;
        findings.push(
          start === undefined
            ? { ...rest, line, column: 1 }
            : findingAt(text, start, start + url.length, rest),
        );
      }
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return findings;
}

/** @returns the status of what is gone */
async function statusOf(context: RequestContext, url: string, guarded: boolean): Promise<number | undefined> {
  for (const method of ['HEAD', 'GET']) {
    context.signal.throwIfAborted();
    try {
      const options = {
        method,
        timeout: 15_000,
        maxBytes: 1_000_000,
        response: 'base64',
        ok: ['2xx', '3xx'],
      };
      await request(context, url, options, guarded);
      return undefined;
    } catch (error) {
      context.signal.throwIfAborted();
      const status = (error as { details?: { status?: unknown } }).details?.status;
      if (hasCode(error, 'HTTP_CLIENT_ERROR') && (status === 404 || status === 410)) {
        if (method === 'GET') return status;
      } else if (status !== 405 && status !== 501) return undefined;
    }
  }
  return undefined;
}
